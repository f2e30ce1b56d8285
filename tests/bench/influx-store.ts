import { type InfluxStoreOptions, openInfluxStore } from '../../gateway/store/influxdb/store.ts';
import type { DerivedRow, SeriesKey, Store, StoredReading } from '../../gateway/store/port.ts';
import { Influxd } from '../system/influxd.ts';
import { BareClient } from './influx-bare.ts';
import { median } from './median.ts';
import type { Row } from './row.ts';

const batchRows = 500;
const roundBatches = 60;
const rounds = 7;
const seriesCount = 10;
const startMs = 1_775_001_600_000;
const secondsPerRound = (roundBatches * batchRows) / seriesCount;
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
  const writes: Sample[] = [];
  const late: Sample[] = [];
  const reads: Sample[] = [];
  const intervals: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const batches = batchesOf('k3f9', round, 0);
    writes.push(
      await turns(
        round,
        () => commitAll(store, batches),
        () => writeAll(bare, batches),
      ),
    );
    // Another device's memory arrives in the same series, between what stands: the store asks first.
    const between = batchesOf('m2p7', round, 500);
    late.push(
      await turns(
        round,
        () => commitAll(store, between),
        () => writeAll(bare, between),
      ),
    );
    reads.push(
      await turns(
        round,
        () => readAll(store, round),
        () => bareRead(kadoru, round),
      ),
    );
  }
  await store.putDerived(meter, yearOfHalfHours(), []);
  for (let round = 0; round < rounds; round += 1)
    intervals.push(
      await turns(
        round,
        () => readIntervals(store),
        () => bareIntervals(kadoru),
      ),
    );
  await store.close();
  const note = `${batchRows} readings a request, median of ${rounds} rounds`;
  return [
    ...rows('stored in order', writes, note),
    ...rows('stored between what stands', late),
    ...rows('readings read', reads),
    ...rows('half hours of a year read', intervals),
  ].map((row) => judged(row));
}

interface Sample {
  readonly ours: number;
  readonly theirs: number;
}

/** `work` answers how many rows it handled; who goes first changes from round to round. */
async function turns(
  round: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<Sample> {
  if (round % 2 === 0) return { ours: await rowsPerS(ours), theirs: await rowsPerS(theirs) };
  const first = await rowsPerS(theirs);
  return { ours: await rowsPerS(ours), theirs: first };
}

async function rowsPerS(work: () => Promise<number>): Promise<number> {
  const startedMs = performance.now();
  const count = await work();
  return count / ((performance.now() - startedMs) / 1000);
}

function rows(what: string, samples: readonly Sample[], note?: string): Row[] {
  const of = (pick: (sample: Sample) => number) => median(samples.map(pick));
  return [
    {
      name: `influxdb: ${what}`,
      value: of(({ ours }) => ours),
      unit: 'rows/s',
      ...(note === undefined ? {} : { note }),
    },
    {
      name: `influxdb: ${what}, official client`,
      value: of(({ theirs }) => theirs),
      unit: 'rows/s',
    },
    {
      name: `influxdb: ${what}, against it`,
      value: of((one) => one.ours / one.theirs),
      unit: 'ratio',
    },
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
function batchesOf(stream: string, round: number, offsetMs: number): StoredReading[][] {
  return Array.from({ length: roundBatches }, (_, batch) =>
    Array.from({ length: batchRows }, (__, index) => {
      const first = (round * roundBatches + batch) * batchRows;
      const seq = (first + index - (index % seriesCount)) / seriesCount;
      const at = startMs + seq * 1000 + offsetMs;
      const origin = { stream, seq, receivedAt: at + 40, clock: 'synced' } as const;
      const content = { raw: 17_000 + (seq % 100), quality: 'good', why: null } as const;
      return {
        ...seriesOf(index % seriesCount),
        at,
        value: 12 + seq * 1e-6,
        ...content,
        ...origin,
      };
    }),
  );
}

async function commitAll(store: Store, batches: readonly StoredReading[][]): Promise<number> {
  const rest = { events: [], quarantine: [], records: [], stale: [] };
  let added = 0;
  for (const readings of batches) {
    const frames = readings.filter((_, index) => index % seriesCount === 0);
    added += (await store.commit({ ...rest, frames, readings })).added;
  }
  return added;
}

async function writeAll(bare: BareClient, batches: readonly StoredReading[][]): Promise<number> {
  for (const readings of batches) await bare.write(readings);
  return batches.length * batchRows;
}

function spanOf(round: number): { readonly from: number; readonly to: number } {
  const from = startMs + round * secondsPerRound * 1000;
  return { from, to: from + secondsPerRound * 1000 };
}

async function readAll(store: Store, round: number): Promise<number> {
  let count = 0;
  for (let series = 0; series < seriesCount; series += 1)
    for await (const { value } of store.readings(seriesOf(series), spanOf(round)))
      if (value !== null) count += 1;
  return count;
}

async function bareRead(client: BareClient, round: number): Promise<number> {
  const { from, to } = spanOf(round);
  const columns = '"pressure_mpa","raw","quality","why","clock","stream","seq","received_at_ms"';
  let count = 0;
  for (let series = 0; series < seriesCount; series += 1) {
    const { site, device, asset, quantity } = seriesOf(series);
    const where = `"site"='${site}' AND "device"='${device}' AND "asset"='${asset}' AND "quantity"='${quantity}'`;
    const statement = `SELECT ${columns} FROM "reading" WHERE ${where} AND time >= ${from}ms AND time < ${to}ms`;
    for await (const [, value] of client.rows(statement)) if (value !== null) count += 1;
  }
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
  const span = { from: startMs, to: startMs + halfHours * halfHourMs };
  for await (const { fields } of store.derived(meter, span)) if (fields['wh'] !== null) count += 1;
  return count;
}

async function bareIntervals(client: BareClient): Promise<number> {
  let count = 0;
  const statement = `SELECT * FROM "${meter.measurement}" WHERE "key"='${meter.key}'`;
  for await (const row of client.rows(statement)) if (row[1] !== null) count += 1;
  return count;
}
