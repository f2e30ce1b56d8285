import { canonicalJson } from '../store/canonical-json.ts';
import type { SeriesKey, Store, StoredReading } from '../store/port.ts';
import { ContentSum } from './content-sum.ts';

/** Whatever may stand in a store. */
export const always = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

/** Count and checksum by what it is of: a series, a key, a kind of record. */
export type Inventory = ReadonlyMap<string, ContentSum>;

/** Told of every item that was read. */
export type Read = (title: string) => void;

/** Everything a store holds: each item to the last field, whatever order a database gives fields and items in. */
export async function takeInventory(store: Store, read: Read): Promise<Inventory> {
  const sums = new Map<string, ContentSum>();
  const add = (title: string, item: unknown): void => {
    const sum = sums.get(title) ?? new ContentSum();
    sums.set(title, sum);
    sum.add(canonicalJson(item, title));
    read(title);
  };
  for (const { lastAt: _, ...series } of await store.series())
    for await (const reading of store.readings(series, always)) add(titleOf(series), reading);
  for (const { site, device } of await devicesOf(store))
    for (const event of await store.events(site, device, always))
      add(`events of ${site}/${device}`, event);
  for await (const record of store.records({})) add(`${record.kind} of ${record.site}`, record);
  for await (const { bytes, ...entry } of store.quarantined({})) {
    const content = { ...entry, base64: Buffer.from(bytes).toString('base64') };
    add(`quarantine of ${entry.site}/${entry.device}`, content);
  }
  for (const key of await store.derivedKeys())
    for await (const row of store.derived(key, always))
      add(`derived ${key.measurement} ${key.key}`, row);
  for (const { key } of await store.stale(Number.MAX_SAFE_INTEGER)) add('stale marks', key);
  for (const run of await store.runs({}))
    add(`runs of ${run.site}/${run.device}/${run.stream}`, run);
  return sums;
}

/** The same for one series. */
export async function sumOfSeries(store: Store, series: SeriesKey): Promise<ContentSum> {
  const sum = new ContentSum();
  for await (const reading of store.readings(series, always))
    sum.add(canonicalJson(reading, titleOf(series)));
  return sum;
}

export function titleOf({ site, device, asset, quantity }: SeriesKey): string {
  return `readings of ${site}/${device}/${asset}/${quantity}`;
}

/** Devices that ever sent a frame or a reading: events come in frames. */
export async function devicesOf(
  store: Store,
): Promise<readonly Pick<StoredReading, 'site' | 'device'>[]> {
  const found = new Map<string, Pick<StoredReading, 'site' | 'device'>>();
  for (const { site, device } of [...(await store.series()), ...(await store.runs({}))])
    found.set(`${site}/${device}`, { site, device });
  return [...found.values()];
}

/** One line for each title whose content differs. */
export function differences(from: Inventory, to: Inventory): readonly string[] {
  const nothing = new ContentSum();
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((title) => {
    const [source, target] = [from.get(title) ?? nothing, to.get(title) ?? nothing];
    return isEqual(source, target)
      ? []
      : [`${title}: ${described(source)} in the source, ${described(target)} in the target`];
  });
}

export function isEqual(a: ContentSum, b: ContentSum): boolean {
  return a.count === b.count && a.checksum === b.checksum;
}

function described({ count, checksum }: ContentSum): string {
  return count === 0 ? 'none' : `${count} (checksum ${checksum.slice(0, 12)})`;
}
