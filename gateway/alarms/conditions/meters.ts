import type { RegisterEvent } from '../../energy/event.ts';
import type { Condition } from '../model.ts';
import { markExpiresMs, markWarningMs } from './mark.ts';

/** What is known of one register now. */
export interface MeterStanding {
  readonly site: string;
  readonly asset: string;
  readonly quantity: string;
  /** Of its register. */
  readonly unit: string;
  /** Events that wait for a person, oldest first. */
  readonly openEvents: readonly RegisterEvent[];
  /** What it showed last, and where it is said to wrap; null where that is not known. */
  readonly registerWh: number | null;
  readonly wrapAt: number | null;
  readonly markExpires: string | undefined;
}

/** Conditions of the meters, one of a kind per asset and register. */
export function judgeMeters(meters: readonly MeterStanding[], nowMs: number): Condition[] {
  return meters.flatMap((meter) => [
    conditionOf(meter, nowMs, eventWaits(meter)),
    conditionOf(meter, nowMs, aboveWrap(meter)),
    conditionOf(meter, nowMs, markEnds(meter, nowMs)),
  ]);
}

type Judged = Pick<Condition, 'kind' | 'value' | 'threshold' | 'unit' | 'detail'> & {
  readonly on: boolean;
};

function conditionOf(
  { site, asset, quantity }: MeterStanding,
  nowMs: number,
  { on, kind, ...judged }: Judged,
): Condition {
  return {
    id: `${site}/${asset}/${kind}-${quantity}`,
    site,
    subject: asset,
    kind,
    standing: on ? 'on' : 'off',
    at: nowMs,
    ...judged,
  };
}

/** A step that nobody has explained is not energy until somebody does. */
function eventWaits({ quantity, unit, openEvents }: MeterStanding): Judged {
  const [first] = openEvents;
  return {
    kind: 'register-event',
    on: first !== undefined,
    value: first?.after ?? null,
    threshold: first?.before ?? null,
    unit,
    detail:
      first === undefined
        ? `Nothing of ${quantity} waits for a person.`
        : `${openEvents.length} of ${quantity} wait; the oldest is ${first.id}: ${first.kind} from ${first.before} to ${first.after} ${unit}. Say what happened.`,
  };
}

/** A register that shows more than it can: the value where it wraps is wrong, or the reading is. */
function aboveWrap({ quantity, unit, registerWh, wrapAt }: MeterStanding): Judged {
  return {
    kind: 'meter-wrap',
    on: registerWh !== null && wrapAt !== null && registerWh >= wrapAt,
    value: registerWh,
    threshold: wrapAt,
    unit,
    detail: `The register of ${quantity} shows ${registerWh ?? 'nothing'} ${unit} and is said to wrap at ${wrapAt ?? 'no known value'}.`,
  };
}

function markEnds({ quantity, markExpires }: MeterStanding, nowMs: number): Judged {
  const endsMs = markExpires === undefined ? undefined : markExpiresMs(markExpires);
  const days = endsMs === undefined ? null : Math.floor((endsMs - nowMs) / dayMs);
  return {
    kind: 'meter-mark',
    on: endsMs !== undefined && endsMs - nowMs <= markWarningMs,
    value: days,
    threshold: markWarningMs / dayMs,
    unit: 'd',
    detail: `The mark of the meter of ${quantity} ends on ${markExpires ?? 'no stated day'}.`,
  };
}

const dayMs = 24 * 3_600_000;
