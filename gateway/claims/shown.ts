import type { ClaimStanding } from '#gateway/contract';
import { type StandingClaim, stateOf } from './life.ts';

/** A claim as HTTP and the page show it: sums, and nothing of a member. */
export function shownClaim(claim: StandingClaim): ClaimStanding {
  const { frozen, frozenAt, steps, correctedBy } = claim;
  const { project, fiscalYear, fixture, members, erKg, tonnes, manifestSha256, corrects } = frozen;
  const shown: ClaimStanding = {
    claim: frozen.claim,
    project,
    fiscalYear,
    state: stateOf(claim),
    fixture,
    frozenAt,
    members,
    erKg,
    tonnes,
    manifestSha256,
    corrects:
      corrects === null ? null : { claim: corrects.claim, effectTonnes: corrects.effectTonnes },
    correctedBy: correctedBy ?? null,
    appliedOn: null,
    verifiedOn: null,
    issued: null,
    allocated: null,
    held: null,
  };
  for (const step of steps) {
    const { on } = step;
    if (step.state === 'applied') shown.appliedOn = on;
    else if (step.state === 'verified') shown.verifiedOn = on;
    else if (step.state === 'held') shown.held = { on, account: step.account };
    else if (step.state === 'issued') {
      const { first, last } = step.serials;
      shown.issued = { on, tonnes: step.tonnes, firstSerial: first, lastSerial: last };
    } else {
      const { partnerTonnes, wardTonnes } = step;
      shown.allocated = { on, partnerTonnes, wardTonnes };
    }
  }
  return shown;
}
