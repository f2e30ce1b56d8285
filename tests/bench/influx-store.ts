import { type InfluxStoreOptions, openInfluxStore } from '../../gateway/store/influxdb/store.ts';
import type { DerivedRow, SeriesKey, Store, StoredReading } from '../../gateway/store/port.ts';
import { Influxd } from '../system/influxd.ts';
import { BareClient } from './influx-bare.ts';
import type { Row } from './row.ts';

const batchRows = 500;
const batchCount = 300;
const readRounds = 5;
const seriesCount = 10;
const startMs = 1_775_001_600_000;
const halfHourMs = 1_800_000;
const halfHours = 17_520;
const meter = { measurement: 'energy_interval', key: 'keihin/pv-1/generated' };

/**
 * The store in an InfluxDB against the official client alone, on the same server (Debian's): equal batches of readings,
 * and the same rows read back. The two take turns. Takes about half a minute.
 */
export async function benchInfluxStore(): Promise<Row[]> {
  const server = await Influxd.start();
  try {
    await server.query('CREATE DATABASE "bare"');
    const bare = new BareClient(server.url, 'bare');
    const options = { url: server.url, bucket: 'kadoru', create: true, writer: 'gateway' };
    return await measure(bare, { ...options, wallMs: Date.now });
  } finally {
    await server.end();
  }
}

async function measure(bare: BareClient, options: InfluxStoreOptions): Promise<Row[]> {
  const store = await openInfluxStore(options);
  const kadoru = new BareClient(options.url, options.bucket);
  const pairs = (batches: readonly StoredReading[][]): Pair[] =>
    batches.map((batch) => [() => commit(store, batch), () => write(bare, batch)]);
  const inOrder = await turns(pairs(batchesOf('k3f9', 0)));
  // Another device's memory arrives in the same series, between what stands: the store asks what is there.
  const between = await turns(pairs(batchesOf('m2p7', 500)));
  const reads = Array.from({ length: readRounds * seriesCount }, (_, index): Pair => [
    () => readSeries(store, index % seriesCount),
    () => bareSeries(kadoru, index % seriesCount),
  ]);
  const readings = await turns(reads);
  await store.putDerived(meter, yearOfHalfHours(), []);
  const years = Array.from({ length: readRounds }, (): Pair => [
    () => readIntervals(store),
    () => bareIntervals(kadoru),
  ]);
  const intervals = await turns(years);
  await store.close();
  return [
    ...rows('stored in order', inOrder, `${batchRows} readings a request, taking turns`),
    ...rows('stored between what stands', between),
    ...rows('readings read', readings),
    ...rows('half hours of a year read', intervals),
  ].map((row) => judged(row));
}

/** The same work of both; answers how many rows it handled. */
type Pair = readonly [ours: () => Promise<number>, theirs: () => Promise<number>];

interface Rates {
  readonly ours: number;
  readonly theirs: number;
}

/** Rows per second of each over all pairs. They take turns piece by piece, so that both meet the same machine. */
async function turns(pairs: readonly Pair[]): Promise<Rates> {
  const sums = [
    { rows: 0, ms: 0 },
    { rows: 0, ms: 0 },
  ];
  for (const [index, pair] of pairs.entries())
    for (const turn of [index % 2, 1 - (index % 2)]) {
      const [work, sum] = [pair[turn], sums[turn]];
      if (work === undefined || sum === undefined) continue;
      const startedMs = performance.now();
      sum.rows += await work();
      sum.ms += performance.now() - startedMs;
    }
  const [ours, theirs] = sums.map(({ rows: count, ms }) => (1000 * count) / ms);
  return { ours: ours ?? Number.NaN, theirs: theirs ?? Number.NaN };
}

function rows(what: string, { ours, theirs }: Rates, note?: string): Row[] {
  return [
    {
      name: `influxdb: ${what}`,
      value: ours,
      unit: 'rows/s',
      ...(note === undefined ? {} : { note }),
    },
    { name: `influxdb: ${what}, official client`, value: theirs, unit: 'rows/s' },
    { name: `influxdb: ${what}, against it`, value: ours / theirs, unit: 'ratio' },
  ];
}

/** 0.8 of what the client writes, and 1.3 times its time for what it reads. */
function judged(row: Row): Row {
  if (row.unit !== 'ratio') return row;
  return { ...row, least: row.name.includes('stored') ? 0.8 : 1 / 1.3 };
}

const seriesOf = (index: number): SeriesKey => ({
  site: 'keihin',
  device: 'pi-1',
  asset: `pack-${index}`,
  quantity: 'pressure',
});

/** Pressures of ten packs, one a second. */
function batchesOf(stream: string, offsetMs: number): StoredReading[][] {
  return Array.from({ length: batchCount }, (_, batch) =>
    Array.from({ length: batchRows }, (__, index) => {
      const seq = (batch * batchRows + index - (index % seriesCount)) / seriesCount;
      const at = startMs + seq * 1000 + offsetMs;
      const origin = { stream, seq, receivedAt: at + 40, clock: 'synced' } as const;
      const content = { raw: 17_000 + (seq % 100), quality: 'good', why: null } as const;
      const series = seriesOf(index % seriesCount);
      return { ...series, at, value: 12 + seq * 1e-6, ...content, ...origin };
    }),
  );
}

async function commit(store: Store, readings: readonly StoredReading[]): Promise<number> {
  const rest = { events: [], quarantine: [], records: [], stale: [] };
  const frames = readings.filter((_, index) => index % seriesCount === 0);
  return (await store.commit({ ...rest, frames, readings })).added;
}

async function write(bare: BareClient, readings: readonly StoredReading[]): Promise<number> {
  await bare.write(readings);
  return readings.length;
}

const span = { from: startMs, to: startMs + (batchCount * batchRows * 1000) / seriesCount };

async function readSeries(store: Store, series: number): Promise<number> {
  let count = 0;
  for await (const { value } of store.readings(seriesOf(series), span))
    if (value !== null) count += 1;
  return count;
}

async function bareSeries(client: BareClient, series: number): Promise<number> {
  const columns = '"pressure_mpa","raw","quality","why","clock","stream","seq","received_at_ms"';
  const { site, device, asset, quantity } = seriesOf(series);
  const where = `"site"='${site}' AND "device"='${device}' AND "asset"='${asset}' AND "quantity"='${quantity}'`;
  const inside = `time >= ${span.from}ms AND time < ${span.to}ms`;
  let count = 0;
  const statement = `SELECT ${columns} FROM "reading" WHERE ${where} AND ${inside}`;
  for await (const row of client.rows(statement)) if (row['pressure_mpa'] !== null) count += 1;
  return count;
}

function yearOfHalfHours(): DerivedRow[] {
  return Array.from({ length: halfHours }, (_, index) => ({
    at: startMs + index * halfHourMs,
    fields: {
      wh: 1000 + (index % 700),
      coveredSeconds: 1800,
      uncertainSeconds: 0,
      unallocated: '',
      openEvents: '',
      quality: 'good',
      revision: 1,
    },
  }));
}

async function readIntervals(store: Store): Promise<number> {
  let count = 0;
  const year = { from: startMs, to: startMs + halfHours * halfHourMs };
  for await (const { fields } of store.derived(meter, year)) if (fields['wh'] !== null) count += 1;
  return count;
}

async function bareIntervals(client: BareClient): Promise<number> {
  let count = 0;
  const statement = `SELECT * FROM "${meter.measurement}" WHERE "key"='${meter.key}'`;
  for await (const row of client.rows(statement)) if (row['wh'] !== null) count += 1;
  return count;
}
