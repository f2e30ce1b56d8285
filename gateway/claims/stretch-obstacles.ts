import type { UncountedReason } from '#gateway/contract';
import { fromTo } from './instant.ts';
import type { ClaimStretch } from './member-energy.ts';
import type { ClaimObstacle } from './obstacle.ts';
import type { PlannedMember } from './plan.ts';

/** A rule of the plan by which energy is left out, and which reasons it speaks of. */
export interface Acknowledgement {
  readonly rule: string;
  readonly document: string;
  readonly page: string;
  readonly reasons: readonly UncountedReason[];
}

/** Left out by what a claim is, not by what is missing: nobody has to acknowledge it. */
const asAMatterOfCourse: ReadonlySet<UncountedReason> = new Set([
  'outside-window',
  'before-operation',
]);
/** To be mended, not acknowledged. */
const mustBeSettled = ['open-event', 'negative', 'formula-unconfirmed'] as const;

export const acknowledgeable: readonly UncountedReason[] = [
  'no-data',
  'gap-at-edge',
  'straddles',
  'mark-expired',
  'no-evidence',
  'estimated-class',
  'pulses-unreconciled',
  'grid-charging-battery',
  'shared-export',
  'sold-unknown',
  'no-heat',
  'no-gas',
];

/** What stands in the way among a member's stretches: each with member, registers and times. */
export function stretchObstacles(
  { member, registers }: PlannedMember,
  { stretches }: { readonly stretches: readonly ClaimStretch[] },
  acknowledged: readonly Acknowledgement[],
): ClaimObstacle[] {
  const accepted = new Set(acknowledged.flatMap(({ reasons }) => reasons));
  const names = registers.map(({ register }) => register).join(', ');
  return stretches.flatMap((stretch): ClaimObstacle[] => {
    const { reason, detail } = stretch;
    if (reason === null || asAMatterOfCourse.has(reason) || accepted.has(reason)) return [];
    const where = `member ${member.id}, ${names}, ${fromTo(stretch)}`;
    if (reason === 'open-event')
      return [
        {
          what: 'open-event',
          where,
          detail: `nobody has said what happened at ${detail}`,
          wayOut: `say it: POST /register-events/${detail.split('; ')[0] ?? ''}/resolution`,
        },
      ];
    if (reason === 'negative')
      return [
        {
          what: 'negative',
          where,
          detail: `more was sold and drawn by auxiliaries than generated (${detail})`,
          wayOut:
            'find the register that is wrong; a reading can be corrected, a register never clamped',
        },
      ];
    if (mustBeSettled.some((each) => each === reason)) return [];
    return [
      {
        what: 'not-acknowledged',
        where,
        detail: `energy is left out (${[reason, detail].filter((text) => text !== '').join(': ')})`,
        wayOut: `${mending(reason)}name the rule of the plan: --acknowledge RULE:DOCUMENT:PAGE:${reason}`,
      },
    ];
  });
}

/** What gives the energy back, where a claim knows it. */
function mending(reason: UncountedReason): string {
  return reason === 'sold-unknown'
    ? 'enrol the meter that counts what goes out (item sold), also where it never rises: the house’s smart meter has such a register; or '
    : '';
}
