import { gaugeMpa } from '../../hydrogen/pressure.ts';
import { toleranceMpa } from '../../hydrogen/sensor-chain.ts';
import { stuck as judgeStuck } from '../../hydrogen/watch.ts';
import { between, type Judgement, type PackSituation } from './situation.ts';

const dayMs = 24 * 3_600_000;
/** A device that starts has no value for some seconds, and a gateway that starts waits for its devices. */
export const onsetMs = { silence: 20_000, fault: 10_000 } as const;

/** The pressure does not follow the temperature, where it must and where the transmitter's own drift cannot hide it. */
export function stuck({ geometry, ledger, nowMs }: PackSituation): Judgement {
  const hours = ledger.hours.filter(({ at }) => nowMs - at <= dayMs);
  const verdict = judgeStuck(
    geometry,
    [...hours, ...ledger.points].toSorted((a, b) => a.at - b.at),
  );
  if (verdict === 'not-observable')
    return { standing: 'unobservable', detail: 'The temperature moved too little to tell.' };
  return {
    standing: verdict === 'stuck' ? 'on' : 'off',
    detail: 'The pressure does not follow the temperature: the transmitter may be stuck.',
  };
}

/** Nothing comes, or what comes is too old: as loud as a process alarm. */
export function dataStopped({ shown, pack }: PackSituation): Judgement {
  const value = shown.ageMs === null ? null : Math.round(shown.ageMs / 1000);
  const threshold =
    pack.config.device === undefined
      ? pack.config.manualStaleAfterHours * 3600
      : pack.config.staleAfterSeconds;
  const silent =
    shown.source === 'manual' ? pack.config.device !== undefined : shown.ageMs === null;
  const old = value !== null && value > threshold;
  return {
    standing: silent || old ? 'on' : 'off',
    value,
    threshold,
    unit: 's',
    detail:
      value === null
        ? 'No pressure was ever read.'
        : `The newest pressure of the transmitter is ${value} s old.`,
    onsetMs: onsetMs.silence,
  };
}

/** The sensor itself says that it has no value. */
export function sensorFault({ shown }: PackSituation): Judgement {
  const why = shown.why ?? shown.temperature.why;
  const fault =
    why === 'loop-open' || why === 'loop-short' || why === 'bus-error' || why === 'out-of-range';
  return {
    standing: fault ? 'on' : 'off',
    detail: fault ? `A sensor of the pack has no value: ${why}.` : 'The sensors answer.',
    onsetMs: onsetMs.fault,
    ...(why === undefined ? {} : { cause: why }),
  };
}

/** Transmitter and needle, read at one time, differ by more than both tolerances. */
export function disagreement({ needle, geometry, pack, shown }: PackSituation): Judgement {
  if (needle === undefined || needle.transmitterMpa === null)
    return { standing: 'unobservable', unit: 'MPa', detail: 'No needle was read beside it.' };
  const pressure = gaugeMpa(needle.transmitterMpa);
  const celsius = shown.temperatureC ?? 20;
  const threshold =
    toleranceMpa(geometry.chain.instrument, pressure, celsius) +
    toleranceMpa(pack.manual.geometry.chain.instrument, pressure, celsius);
  const value = Math.abs(needle.transmitterMpa - needle.needleMpa);
  return {
    standing: between(value > threshold, value <= threshold),
    value,
    threshold,
    unit: 'MPa',
    detail: `The needle showed ${needle.needleMpa.toFixed(2)} MPa where the transmitter said ${needle.transmitterMpa.toFixed(2)} MPa.`,
  };
}

export function calibrationExpired({ shown }: PackSituation): Judgement {
  return {
    standing: shown.calibration?.expired === true ? 'on' : 'off',
    detail: 'The calibration has expired: the figures carry the class of the transmitter again.',
  };
}
