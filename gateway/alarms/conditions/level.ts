import { hourMs } from '../../hydrogen/flow.ts';
import { newestPoint } from '../../hydrogen/ledger/step.ts';
import { marginKg } from '../../hydrogen/ledger/isolation.ts';
import { massKg } from '../../hydrogen/budget.ts';
import { gaugeMpa } from '../../hydrogen/pressure.ts';
import { residualPressureMpa, stopMarginMpa, stopPressure } from '../../hydrogen/stop.ts';
import { onsetMs } from './instrument.ts';
import { between, type Judgement, type PackSituation } from './situation.ts';

const fixed = (value: number, digits = 2): string => value.toFixed(digits);

/** A pressure clears this far above what raised it, MPa. */
const clearsMpa = 0.05;

/**
 * The one stop pressure. Where the pressure is unknown, the last one counts, less what the flow of then has taken since:
 * within two of its uncertainties of the stop it raises the stop.
 */
export function stop(situation: PackSituation): Judgement {
  const { shown } = situation;
  const threshold = shown.stopPressureMpa;
  const unit = 'MPa';
  if (shown.isolatedSince !== null)
    return { standing: 'unobservable', threshold, unit, detail: 'The line is closed.' };
  const value = shown.pressureMpa;
  if (value === null) return stopUnknown(situation);
  const detail = `The gauge shows ${fixed(value)} MPa; the draw must stop at ${fixed(threshold)} MPa.`;
  const standing = between(value <= threshold, value > threshold + clearsMpa);
  return { standing, value, threshold, unit, detail };
}

function stopUnknown({ shown, ledger, geometry, nowMs }: PackSituation): Judgement {
  const unit = 'MPa';
  const last = newestPoint(ledger);
  if (last === undefined)
    return { standing: 'unobservable', unit, detail: 'No pressure was ever known.' };
  const stopMpa = stopPressure(geometry, last.temperatureC);
  const threshold = stopMpa + 2 * stopMarginMpa(geometry, last.temperatureC);
  const { state, kgPerHour, uncertaintyKgPerHour } = ledger.flow;
  const drawing = state === 'steady' || state === 'calculating';
  const fastest = drawing ? kgPerHour + 2 * uncertaintyKgPerHour : 0;
  const takenKg = (fastest * (nowMs - last.at)) / hourMs;
  const nearKg = massKg(geometry, gaugeMpa(threshold), last.temperatureC);
  const near = last.kg - takenKg <= nearKg;
  const taken = takenKg > 0 ? `, and ${fixed(takenKg, 1)} kg may have been drawn since` : '';
  return {
    standing: near ? 'on' : 'unobservable',
    value: null,
    threshold,
    unit,
    detail: `The pressure is unknown (${shown.why ?? 'no reason'}); the last one was ${fixed(last.pressureMpa)} MPa${taken}.`,
    cause: 'unknown',
    onsetMs: onsetMs.fault,
  };
}

/** Less than 1 MPa is left: by drawing, or by cooling alone. */
export function residual({ shown, ledger, geometry }: PackSituation): Judgement {
  const value = shown.pressureMpa;
  const threshold = residualPressureMpa;
  const unit = 'MPa';
  if (value === null) return { standing: 'unobservable', threshold, unit, detail: 'No pressure.' };
  const standing = between(value < threshold, value >= threshold + clearsMpa / 2);
  const above = ledger.hours.findLast(({ pressureMpa }) => pressureMpa >= threshold);
  const kg = shown.hydrogen?.totalKg;
  // With the warmth of the last hour above it, would it still be 1 MPa?
  const cooled =
    above !== undefined &&
    kg !== undefined &&
    kg >= massKg(geometry, residualPressureMpa, above.temperatureC);
  const cause = cooled ? 'by-cooling' : 'by-drawing';
  const how = cooled ? 'by cooling alone' : 'by drawing';
  return {
    standing,
    value,
    threshold,
    unit,
    detail: `The gauge shows ${fixed(value)} MPa, below the 1 MPa that must stay in the pack: ${how}.`,
    cause,
  };
}

/** More than a lawfully full pack holds, beyond doubt. 19.93 MPa at 40 degC is not: the reference is an isochore. */
export function overfill({ shown, geometry, ledger }: PackSituation): Judgement {
  const unit = 'kg';
  const threshold = shown.fullReferenceKg;
  if (shown.hydrogen === null)
    return { standing: 'unobservable', threshold, unit, detail: 'The mass is unknown.' };
  const { totalKg, expandedUncertaintyKg } = shown.hydrogen;
  const surely = totalKg - expandedUncertaintyKg;
  const last = ledger.segment?.last;
  const clearsKg = last === undefined ? 0 : marginKg(geometry, last);
  return {
    standing: between(surely > threshold, surely <= threshold - clearsKg),
    value: totalKg,
    threshold,
    unit,
    detail: `The pack holds ${fixed(totalKg, 1)} kg (at least ${fixed(surely, 1)}); lawfully full is ${fixed(threshold, 1)} kg (19.6 MPa at 35 degC).`,
  };
}

/** Half of what was filled in is gone: the pack counts as a container of residual gas. */
export function halfMass({ shown, filledKg }: PackSituation): Judgement {
  const unit = 'kg';
  const threshold = filledKg / 2;
  if (shown.hydrogen === null)
    return { standing: 'unobservable', threshold, unit, detail: 'The mass is unknown.' };
  const { totalKg, expandedUncertaintyKg } = shown.hydrogen;
  return {
    standing: between(totalKg < threshold, totalKg > threshold + expandedUncertaintyKg),
    value: totalKg,
    threshold,
    unit,
    detail: `${fixed(totalKg, 1)} kg are left, less than half of the ${fixed(filledKg, 1)} kg at filling.`,
  };
}

/** Containers are kept at or below 40 degC by law; 35 degC is time to act. Two levels, two conditions. */
export function warm(limitC: number): (situation: PackSituation) => Judgement {
  return ({ shown }) => {
    const value = shown.temperatureC;
    const [threshold, unit] = [limitC, 'degC'];
    if (value === null)
      return { standing: 'unobservable', threshold, unit, detail: 'No temperature.' };
    const standing = between(value >= limitC, value < limitC - 1);
    return { standing, value, threshold, unit, detail: `The pack is at ${fixed(value, 1)} degC.` };
  };
}
