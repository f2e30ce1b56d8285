import type { Batch, SeriesKey, Span, Store, StoredReading } from '../store/port.ts';
import { chunks } from './chunks.ts';
import { always, devicesOf, titleOf } from './inventory.ts';

const readingsAtOnce = 5000;
const itemsAtOnce = 500;
/** About how many characters one commit may have. */
const lengthAtOnce = 1024 * 1024;

/** What a copy tells while it runs. */
export interface CopyListener {
  /** `items` more are durable in the target. */
  copied(title: string, items: number): void;
  /** Something the target did not take; it will be missing. */
  refused(what: string): void;
}

/** A series of which the target held the beginning, so that the copy went on after it. */
export type Continued = SeriesKey & { readonly from: number };

/**
 * Copies everything through the port, in the order of a commit: what says that frames are held comes last. Every write
 * is one that changes nothing when it is repeated, so a copy that was killed is run again: readings go on after the
 * newest in the target, everything else is written again. Answers the series that went on; rejects with
 * StoreError.
 */
export async function copyAll(
  from: Store,
  to: Store,
  listener: CopyListener,
): Promise<readonly Continued[]> {
  const newest = new Map((await to.series()).map((series) => [titleOf(series), series.lastAt]));
  const continued: Continued[] = [];
  for (const { lastAt: _, ...series } of await from.series()) {
    const start = newest.get(titleOf(series));
    if (start !== undefined) continued.push({ ...series, from: start });
    await copySeries(from, to, series, { ...always, from: start ?? always.from }, listener);
  }
  await copyEvents(from, to, listener);
  await copyRecords(from, to, listener);
  await copyQuarantine(from, to, listener);
  await copyDerived(from, to, listener);
  await copyStale(from, to, listener);
  await copyRuns(from, to, listener);
  return continued;
}

export async function copySeries(
  from: Store,
  to: Store,
  series: SeriesKey,
  span: Span,
  listener: CopyListener,
): Promise<void> {
  const limits = { items: readingsAtOnce, length: Number.POSITIVE_INFINITY, lengthOf: () => 0 };
  for await (const readings of chunks(from.readings(series, span), limits)) {
    const { conflicts, refused = [] } = await to.commit(batch({ readings }));
    for (const reading of conflicts)
      listener.refused(`${named(reading)}: the target holds another value at this time`);
    for (const { reading, reason } of refused) listener.refused(`${named(reading)}: ${reason}`);
    listener.copied(titleOf(series), readings.length);
  }
}

async function copyEvents(from: Store, to: Store, listener: CopyListener): Promise<void> {
  for (const { site, device } of await devicesOf(from)) {
    const events = await from.events(site, device, always);
    for (let start = 0; start < events.length; start += itemsAtOnce) {
      const some = events.slice(start, start + itemsAtOnce);
      const { refusedEvents = [] } = await to.commit(batch({ events: some }));
      for (const { event, reason } of refusedEvents)
        listener.refused(
          `event ${event.index} of frame ${event.seq} of ${site}/${device}: ${reason}`,
        );
      listener.copied(`events of ${site}/${device}`, some.length);
    }
  }
}

async function copyRecords(from: Store, to: Store, listener: CopyListener): Promise<void> {
  for await (const records of chunks(from.records({}), byJson())) {
    const { recordConflicts } = await to.commit(batch({ records }));
    for (const { site, kind, id } of recordConflicts)
      listener.refused(`${kind} ${id} of ${site}: the target holds another one under this id`);
    listener.copied('records', records.length);
  }
}

async function copyQuarantine(from: Store, to: Store, listener: CopyListener): Promise<void> {
  const limits = {
    items: itemsAtOnce,
    length: lengthAtOnce,
    lengthOf: ({ bytes }: { readonly bytes: Uint8Array }) => bytes.byteLength,
  };
  for await (const quarantine of chunks(from.quarantined({}), limits)) {
    await to.commit(batch({ quarantine }));
    listener.copied('quarantine', quarantine.length);
  }
}

async function copyDerived(from: Store, to: Store, listener: CopyListener): Promise<void> {
  for (const key of await from.derivedKeys())
    for await (const rows of chunks(from.derived(key, always), byJson())) {
      await to.putDerived(key, rows, []);
      listener.copied(`derived ${key.measurement} ${key.key}`, rows.length);
    }
}

/** In their order of waiting: keys of one commit wait in the order of their names. */
async function copyStale(from: Store, to: Store, listener: CopyListener): Promise<void> {
  let stale: string[] = [];
  const flush = async (): Promise<void> => {
    if (stale.length === 0) return;
    await to.commit(batch({ stale }));
    listener.copied('stale marks', stale.length);
    stale = [];
  };
  for (const { key } of await from.stale(Number.MAX_SAFE_INTEGER)) {
    const last = stale.at(-1);
    if (last !== undefined && (key < last || stale.length >= itemsAtOnce)) await flush();
    stale.push(key);
  }
  await flush();
}

async function copyRuns(from: Store, to: Store, listener: CopyListener): Promise<void> {
  const runs = await from.runs({});
  for (let start = 0; start < runs.length; start += itemsAtOnce) {
    const some = runs.slice(start, start + itemsAtOnce);
    await to.commit(batch({ runs: some }));
    listener.copied('runs', some.length);
  }
}

function byJson() {
  const lengthOf = (item: unknown) => JSON.stringify(item).length;
  return { items: itemsAtOnce, length: lengthAtOnce, lengthOf };
}

function batch(content: Partial<Batch>): Batch {
  return {
    frames: [],
    readings: [],
    events: [],
    quarantine: [],
    records: [],
    stale: [],
    ...content,
  };
}

function named(reading: StoredReading): string {
  return `${titleOf(reading)} at ${new Date(reading.at).toISOString()}`;
}
