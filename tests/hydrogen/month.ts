import { judgePack } from '../../gateway/alarms/conditions/judge.ts';
import type { DeclaredDraw, PackSituation } from '../../gateway/alarms/conditions/situation.ts';
import { parseConfig } from '../../gateway/config/load.ts';
import { type ConfiguredPack, configuredPack, noStatements } from '../../gateway/derive/pack.ts';
import type { LedgerEvent } from '../../gateway/hydrogen/ledger/state.ts';
import { packReading } from '../../gateway/alarms/conditions/testing-situation.ts';
import { Latest } from '../../gateway/view/latest.ts';
import { showPack } from '../../gateway/view/packs.ts';
import type { Draw } from '../../simulators/runs/draws.ts';
import type { Planted } from '../../simulators/runs/planted.ts';
import {
  type Classes,
  dayMs,
  follow,
  type Followed,
  goodClasses,
  hourMs,
  startMs,
} from './follow.ts';

export interface Month {
  readonly seed: number;
  readonly classes?: Classes;
  readonly days?: number;
  readonly start?: number | 'full';
  readonly draws?: readonly Draw[];
  readonly planted?: readonly Planted[];
  readonly meterPercent?: number;
  readonly declared?: readonly DeclaredDraw[];
  readonly tap?: 'pack' | 'line';
}

/** What the gateway made of it. */
export interface Found {
  readonly events: readonly LedgerEvent[];
  /** First time each alarm condition was on. */
  readonly alarms: ReadonlyMap<string, number>;
  /** Minutes in which a flow was shown. */
  readonly flowMinutes: number;
  readonly last: Followed;
  /** The newest condition of each kind. */
  readonly details: ReadonlyMap<string, string>;
}

export const monthEnd = (days = 30): number => startMs + days * dayMs;

/** A month of one pack, sampled once a minute and judged every twenty minutes. */
export function month(options: Month): Found {
  const { classes = goodClasses, days = 30, draws = [], planted = [], declared = [] } = options;
  const pack = configured(options, classes);
  const events: LedgerEvent[] = [];
  const alarms = new Map<string, number>();
  const details = new Map<string, string>();
  let flowMinutes = 0;
  let last: Followed | undefined;
  const run = {
    seed: options.seed,
    fromMs: startMs,
    untilMs: monthEnd(days),
    everyMs: 60_000,
    draws,
    planted,
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.meterPercent === undefined ? {} : { meterPercent: options.meterPercent }),
  };
  for (const followed of follow(run, classes)) {
    last = followed;
    events.push(...followed.events);
    const { atMs } = followed.sample;
    if (followed.state.flow.state === 'steady') flowMinutes += 1;
    if ((atMs - startMs) % (hourMs / 3) !== 0) continue;
    for (const { kind, standing, detail } of judgePack(situation(pack, followed, declared))) {
      if (standing === 'on' && !alarms.has(kind)) alarms.set(kind, atMs);
      if (standing === 'on') details.set(kind, detail);
    }
  }
  if (last === undefined) throw new Error('an empty run');
  return { events, alarms, flowMinutes, last, details };
}

function configured({ meterPercent, tap = 'line' }: Month, classes: Classes): ConfiguredPack {
  const { classPercent, coefficientPercentPer10K, shuntPercent, volumePercent } = classes;
  const pack = {
    id: 'pack-1',
    device: 'pi-1',
    cylinders: 30,
    cylinderLitres: 50,
    tap,
    transmitter: { classPercent, spanMpa: 40, coefficientPercentPer10K },
    shuntPercent,
    thermometer: { class: classes.thermometer, placement: classes.placement },
    volumePercent,
    staleAfterSeconds: 120,
    ...(meterPercent === undefined ? {} : { flowMeter: { classPercent: meterPercent } }),
  };
  const text = JSON.stringify({ sites: [{ id: 'keihin', packs: [pack] }] });
  const [config] = parseConfig(text, 'test', {}).sites.flatMap(({ packs }) => packs);
  if (config === undefined) throw new Error('no pack');
  return configuredPack('keihin', config);
}

function situation(
  pack: ConfiguredPack,
  { sample, state }: Followed,
  draws: readonly DeclaredDraw[],
): PackSituation {
  const latest = new Latest();
  latest.observe(packReading('pressure', sample.atMs, sample.pressureMpa));
  latest.observe(packReading('temperature', sample.atMs, sample.temperatureC));
  const shown = showPack(pack, latest, sample.atMs, {
    ledger: state,
    statements: noStatements,
    segmentResolved: state.segment?.kind === 'first',
    delivery: null,
    calibrationId: undefined,
    siteM3: 295.5,
    alarms: [],
  });
  return {
    nowMs: sample.atMs,
    pack,
    geometry: pack.geometry,
    shown,
    ledger: state,
    draws,
    needle: undefined,
    filledKg: shown.fullReferenceKg,
  };
}
