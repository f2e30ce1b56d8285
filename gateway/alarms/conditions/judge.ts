import { needsWord } from '../../hydrogen/ledger/segments.ts';
import type { Condition } from '../model.ts';
import { closedCylinders, massBalance, rootValve } from './balance.ts';
import { calibrationExpired, dataStopped, disagreement, sensorFault, stuck } from './instrument.ts';
import { halfMass, overfill, residual, stop, warm } from './level.ts';
import { condition, type Judgement, type PackSituation } from './situation.ts';

/** A fall faster than any draw. With the tap on the pack itself there is no line to close: then it is the pack's gas. */
function isolated({ shown, pack }: PackSituation): Judgement {
  const onPack = pack.config.tap === 'pack';
  return {
    standing: shown.isolatedSince === null ? 'off' : 'on',
    threshold: pack.config.largestDrawNlPerMin,
    unit: 'NL/min',
    detail: `The pressure fell faster than the largest draw (${pack.config.largestDrawNlPerMin} NL/min): the line is closed, or the pack was taken away.`,
    cause: onPack ? 'tap-on-pack' : 'tap-on-line',
    priority: onPack ? 'urgent' : 'caution',
  };
}

/** Other gas is in the pack than before, and nobody said why. */
function contentsChanged({ shown: { segment } }: PackSituation): Judgement {
  const waits = segment !== null && needsWord(segment) && !segment.resolved;
  return {
    standing: waits ? 'on' : 'off',
    value: segment?.startKg ?? null,
    unit: 'kg',
    detail: `The pack holds another mass than before (${segment?.beforeKg?.toFixed(1) ?? '?'} kg, now ${segment?.startKg.toFixed(1) ?? '?'} kg): say what happened.`,
    ...(segment === null ? {} : { cause: segment.kind }),
  };
}

/** Every condition of a pack, in the order of the README's table. */
const judgements: Readonly<Record<string, (situation: PackSituation) => Judgement>> = {
  stop,
  residual,
  'over-fill': overfill,
  'temperature-35': warm(35),
  'temperature-40': warm(40),
  'half-mass': halfMass,
  isolated,
  'contents-changed': contentsChanged,
  'mass-balance': massBalance,
  'sensor-stuck': stuck,
  'root-valve-closed': rootValve,
  'cylinders-closed': closedCylinders,
  'needle-disagrees': disagreement,
  'data-stopped': dataStopped,
  'sensor-fault': sensorFault,
  'calibration-expired': calibrationExpired,
};

export function judgePack(situation: PackSituation): Condition[] {
  return Object.entries(judgements).map(([kind, judge]) =>
    condition(situation, kind, judge(situation)),
  );
}
