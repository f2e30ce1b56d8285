import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packReading } from '../../gateway/alarms/conditions/testing-situation.ts';
import { parseConfig } from '../../gateway/config/load.ts';
import { type ConfiguredPack, configuredPack, noStatements } from '../../gateway/derive/pack.ts';
import { PackJob } from '../../gateway/derive/pack-job.ts';
import { minuteStaleKey } from '../../gateway/derive/stale.ts';
import { ledgerSetup } from '../../gateway/derive/pack.ts';
import { step } from '../../gateway/hydrogen/ledger/step.ts';
import { emptyLedger } from '../../gateway/hydrogen/ledger/state.ts';
import { density } from '../../gateway/hydrogen/nist2008.ts';
import { gaugeMpa, kelvin, toAbsolute } from '../../gateway/hydrogen/pressure.ts';
import { openEmbeddedStore } from '../../gateway/store/embedded/store.ts';
import type { Store, StoredReading } from '../../gateway/store/port.ts';
import { packRun } from '../../simulators/runs/pack-run.ts';
import { residentMegabytes } from './resident.ts';
import type { Row } from './row.ts';

const dayMs = 86_400_000;
const startMs = Date.parse('2026-06-01T00:00:00+09:00');
/** A year takes about an hour to fill; so many days show the same, day by day. */
const days = Number(process.env['KADORU_BENCH_DAYS'] ?? 10);
const commitRows = 2000;

/**
 * Days of 1 Hz readings of one pack: read, derived anew and stored, against merely reading the same rows and evaluating
 * the density of each, taking turns in one run. And one frame through the live ledger.
 */
export async function benchRederive(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-bench-rederive-'));
  const store = await openEmbeddedStore({ folder });
  try {
    const pack = configured();
    const readings = await fill(store);
    const plain = await seconds(() => readAndEvaluate(store, pack));
    const before = await residentMegabytes(process.pid);
    const derived = await seconds(() => rederive(store, pack));
    const after = await residentMegabytes(process.pid);
    const again = await seconds(() => readAndEvaluate(store, pack));
    const note = `${days} days of 1 Hz, ${readings} readings`;
    return [
      {
        name: 'history derived anew, as a share of reading it and evaluating densities',
        value: (plain + again) / 2 / derived,
        unit: 'x',
        least: 0.5,
        note,
      },
      { name: 'history derived anew', value: readings / derived, unit: 'readings/s' },
      { name: 'memory it takes', value: after - before, unit: 'MB' },
      { name: 'live conversion of a frame', value: liveMicroseconds(pack), unit: 'us', limit: 20 },
    ];
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

function configured(): ConfiguredPack {
  const text =
    'sites: [{ id: s, packs: [{ id: p, device: d, cylinders: 30, cylinderLitres: 50 }] }]';
  const [config] = parseConfig(text, 'bench', {}).sites.flatMap(({ packs }) => packs);
  if (config === undefined) throw new Error('no pack');
  return configuredPack('s', config);
}

/** A pack that is drawn from by day and exchanged every two days. */
function* samples(untilDay = days) {
  const workdays = Array.from({ length: untilDay }, (_, day) => ({
    kind: 'batches' as const,
    fromMs: startMs + day * dayMs,
    untilMs: startMs + (day + 0.5) * dayMs,
    nlPerMin: 100,
    onMinutes: 45,
    everyMinutes: 60,
  }));
  const planted = Array.from({ length: Math.floor(untilDay / 2) }, (_, index) => ({
    kind: 'swap' as const,
    atMs: startMs + (index * 2 + 1.75) * dayMs,
    minutes: 20,
    to: { hydrogenKg: 20 },
  }));
  const run = { fromMs: startMs, untilMs: startMs + untilDay * dayMs - 1, everyMs: 1000 };
  yield* packRun({ seed: 5, ...run, draws: workdays, planted, classes: {} });
}

async function fill(store: Store): Promise<number> {
  let readings: StoredReading[] = [];
  let count = 0;
  const commit = async () => {
    const rest = { frames: [], events: [], quarantine: [], records: [], stale: [] };
    await store.commit({ readings, ...rest });
    count += readings.length;
    readings = [];
  };
  for (const { atMs, pressureMpa, temperatureC } of samples()) {
    readings.push(
      reading('pressure', atMs, pressureMpa),
      reading('temperature', atMs, temperatureC),
    );
    if (readings.length >= commitRows) await commit();
  }
  await commit();
  return count;
}

function reading(
  quantity: 'pressure' | 'temperature',
  at: number,
  value: number | null,
): StoredReading {
  return { ...packReading(quantity, at, value), site: 's', device: 'd', asset: 'p', seq: at };
}

const span = { from: startMs, to: startMs + days * dayMs };

/** What cannot be done without: both series read side by side, and one density for each instant. */
async function readAndEvaluate(store: Store, { site, config }: ConfiguredPack): Promise<void> {
  const series = { site, device: config.device ?? '', asset: config.id };
  const warm = store.readings({ ...series, quantity: 'temperature' }, span)[Symbol.asyncIterator]();
  let sum = 0;
  for await (const { value } of store.readings({ ...series, quantity: 'pressure' }, span)) {
    const { value: temperature } = await warm.next();
    if (value === null || temperature?.value === null || temperature === undefined) continue;
    // A vented line reads about nothing, and a little less: there the equation has no answer.
    const pressure = toAbsolute(gaugeMpa(Math.max(0, value)));
    sum += density(pressure, kelvin(temperature.value));
  }
  if (!(sum > 0)) throw new Error('nothing was read');
}

async function rederive(store: Store, pack: ConfiguredPack): Promise<void> {
  const stale = [minuteStaleKey(pack, span.from), minuteStaleKey(pack, span.to - 1)];
  const nothing = { frames: [], readings: [], events: [], quarantine: [], records: [] };
  await store.commit({ ...nothing, stale });
  const job = new PackJob({ store, pack, statements: () => noStatements });
  const marks = await store.stale(10);
  const minutes = new Map(
    marks.map((mark) => [Number(mark.key.slice(mark.key.lastIndexOf('/') + 1)), mark]),
  );
  await job.recompute(minutes);
  if (job.settled.state.segment === null) throw new Error('nothing was derived');
}

function liveMicroseconds(pack: ConfiguredPack): number {
  const frames = [...samples(1)].slice(0, 40_000);
  const run = (): number => {
    const startedMs = performance.now();
    let state = emptyLedger;
    for (const { atMs: at, pressureMpa, temperatureC } of frames) {
      const setup = ledgerSetup(pack, noStatements, at);
      const sample = { at, pressureMpa, temperatureC, flowNlPerMin: null, drawnG: null };
      state = step(setup, state, sample).state;
    }
    if (state.segment === null) throw new Error('no segment');
    return ((performance.now() - startedMs) * 1000) / frames.length;
  };
  return Math.min(run(), run(), run());
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}
