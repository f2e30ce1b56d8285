import type { GaugeReading } from '#gateway/contract';
import { hydrogenMeasurement } from '../../derive/pack-job.ts';
import {
  calibrated,
  type ConfiguredPack,
  convert,
  geometryAt,
  packKey,
} from '../../derive/pack.ts';
import { minuteMs } from '../../hydrogen/ledger/step.ts';
import { gaugeMpa } from '../../hydrogen/pressure.ts';
import { toleranceMpa } from '../../hydrogen/sensor-chain.ts';
import type { StoredReading } from '../../store/port.ts';
import type { ReadState, Shown } from '../checks/gauge-state.ts';
import type { KnownRecord } from '../desk.ts';
import { statementsOf } from '../statements.ts';
import { readByHand } from './by-hand.ts';
import { recordedBy, type RecordSources } from './sources.ts';

/** What a person read, as readings of the reserved device: they are stored, derived and shown like any other. */
export function manualReadings(
  { site, config }: ConfiguredPack,
  at: number,
  { pressureMpa, temperatureC }: ReadState,
  nowMs: number,
): StoredReading[] {
  const about = { site, asset: config.id, at };
  return [
    readByHand({ ...about, quantity: 'temperature', value: temperatureC }, nowMs),
    readByHand({ ...about, quantity: 'pressure', value: pressureMpa }, nowMs),
  ];
}

/**
 * What the transmitter showed when somebody read the gauge, calibrated; undefined where there was none, it was stale, or
 * the line was closed and its pressure not the pack's.
 */
export async function transmitterAt(
  { desk, store, ledger }: Pick<RecordSources, 'desk' | 'store' | 'ledger'>,
  pack: ConfiguredPack,
  atMs: number,
  temperatureC: number,
): Promise<Shown | undefined> {
  const { site, config } = pack;
  if (config.device === undefined) return undefined;
  const series = { site, device: config.device, asset: config.id, quantity: 'pressure' } as const;
  const reading = await store.lastBefore(series, atMs + 1);
  if (reading?.value === undefined || reading.value === null || reading.quality === 'bad')
    return undefined;
  if (atMs - reading.at > config.staleAfterSeconds * 1000) return undefined;
  const { isolation, anchors } = ledger(pack);
  if (isolation !== null && reading.at >= isolation.since) return undefined;
  // What is derived lags a minute behind a line that opens again; the ledger has followed it since its oldest anchor.
  const followed = isolation === null && (anchors[0]?.at ?? Infinity) <= reading.at;
  if (!followed && (await isolatedAt(store, pack, reading.at))) return undefined;
  const statements = statementsOf(desk, pack);
  const pressureMpa = calibrated(statements, reading.at, reading.value);
  const needle = pack.manual.geometry.chain.instrument;
  const { instrument } = geometryAt(pack.geometry, statements, reading.at).chain;
  const tolerance =
    toleranceMpa(needle, gaugeMpa(pressureMpa), temperatureC) +
    toleranceMpa(instrument, gaugeMpa(pressureMpa), temperatureC);
  return { pressureMpa, toleranceMpa: tolerance };
}

/** By the newest minute derived at or shortly before it. */
async function isolatedAt(
  store: RecordSources['store'],
  pack: ConfiguredPack,
  atMs: number,
): Promise<boolean> {
  const key = { measurement: hydrogenMeasurement, key: packKey(pack) };
  let isolated = false;
  const shortlyBefore = { from: atMs - 5 * minuteMs, to: atMs + 1 };
  for await (const { fields } of store.derived(key, shortlyBefore))
    isolated = fields['why'] === 'isolated';
  return isolated;
}

export async function showGaugeReading(
  sources: RecordSources,
  pack: ConfiguredPack,
  record: KnownRecord<'gauge-reading'>,
): Promise<GaugeReading> {
  const { at, body } = record;
  const geometry = geometryAt(pack.manual.geometry, statementsOf(sources.desk, pack), at);
  const hydrogen = convert(geometry, body.pressureMpa, body.temperatureC);
  if (hydrogen === undefined) throw new Error(`gauge reading ${record.id} is out of range`);
  const shown = await transmitterAt(sources, pack, at, body.temperatureC);
  return {
    ...recordedBy(record),
    readAt: at,
    pressureMpa: body.pressureMpa,
    temperatureC: body.temperatureC,
    hydrogen,
    transmitter:
      shown === undefined
        ? null
        : { ...shown, differenceMpa: body.pressureMpa - shown.pressureMpa },
  };
}
