import { systemClock } from '../clock.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { controlPath, isGatewayRunning } from '../control/socket.ts';
import { openStore } from '../store/open.ts';
import { type Store, StoreError } from '../store/port.ts';
import { type Continued, copyAll, copySeries } from './copy.ts';
import {
  always,
  differences,
  type Inventory,
  isEqual,
  sumOfSeries,
  takeInventory,
  titleOf,
} from './inventory.ts';
import { Progress } from './progress.ts';
import { checkSides, parseSpec, placeOf, type Side } from './spec.ts';

export interface CopyOutput {
  /** What came of it. */
  readonly say: (line: string) => void;
  /** How far it is, and what goes wrong on the way. */
  readonly progress: (line: string) => void;
}

/**
 * `copy`: everything from one store into another, read again from both and compared. Answers the exit code, 1 when the
 * two differ. Rejects with SpecError, and with StoreError for a store that cannot be opened or fails: the same command
 * goes on where that one ended.
 */
export async function copyCommand(
  fromSpec: string,
  toSpec: string,
  config: GatewayConfig | undefined,
  output: CopyOutput,
): Promise<number> {
  const from = parseSpec('--from', fromSpec, config);
  const to = parseSpec('--to', toSpec, config);
  checkSides(from, to);
  if (config !== undefined && (await isGatewayRunning(controlPath(config.data))))
    throw new StoreError('a gateway runs with this configuration; stop it before copying', true);
  const source = await openStore(from, systemClock);
  try {
    const target = await openStore(to, systemClock);
    try {
      const differing = await copyAndCompare(source, target, output);
      if (differing.length > 0) return complain(differing, output);
      output.say(switching(from, to));
      return 0;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Answers what differs in the end. */
async function copyAndCompare(
  source: Store,
  target: Store,
  { say, progress }: CopyOutput,
): Promise<readonly string[]> {
  const step = (verb: string) => new Progress(verb, systemClock.monotonicMs, progress);
  const copying = step('copied');
  const listener = {
    copied: (title: string, items: number) => copying.add(title, items),
    refused: bounded(progress),
  };
  progress(`${await source.readingCount()} readings to copy`);
  const continued = await copyAll(source, target, listener);
  const inventoryOf = (store: Store, verb: string): Promise<Inventory> => {
    const reading = step(verb);
    return takeInventory(store, (title) => reading.add(title, 1));
  };
  const there = await inventoryOf(source, 'checked in the source:');
  let here = await inventoryOf(target, 'checked in the target:');
  const again = continued.filter((series) => {
    const [one, other] = [there.get(titleOf(series)), here.get(titleOf(series))];
    return one === undefined || other === undefined || !isEqual(one, other);
  });
  if (again.length > 0) here = await copiedWhole(source, target, again, here, listener);
  const differing = differences(there, here);
  if (differing.length === 0) say(summary(there));
  return differing;
}

/**
 * Series of which the target held a part that was not simply the beginning: a kill in the middle of a write to a
 * database without transactions, or data of its own.
 */
async function copiedWhole(
  source: Store,
  target: Store,
  series: readonly Continued[],
  inventory: Inventory,
  listener: Parameters<typeof copyAll>[2],
): Promise<Inventory> {
  const sums = new Map(inventory);
  for (const { from: _, ...key } of series) {
    await copySeries(source, target, key, always, listener);
    sums.set(titleOf(key), await sumOfSeries(target, key));
  }
  return sums;
}

const refusalsSaid = 20;

/** The first few, each once; the comparison counts all. */
function bounded(progress: CopyOutput['progress']): (what: string) => void {
  const said = new Set<string>();
  return (what) => {
    if (said.has(what) || said.size >= refusalsSaid) return;
    said.add(what);
    progress(`not copied: ${what}`);
    if (said.size === refusalsSaid) progress('further ones are not listed');
  };
}

function complain(differing: readonly string[], { say, progress }: CopyOutput): number {
  progress('The stores differ; a gateway must not be switched to the target:');
  for (const line of differing) say(line);
  progress(
    'What the target holds and the source does not was there before: copy into an empty store. ' +
      'What is missing in it is named above, or was written to the source meanwhile: copy again.',
  );
  return 1;
}

function summary(inventory: Inventory): string {
  let items = 0;
  for (const { count } of inventory.values()) items += count;
  return `${items} items under ${inventory.size} names (series, keys, kinds): equal in both stores by count and checksum.`;
}

/** What to write into the configuration now. */
function switching(from: Side, { data, id, store }: Side): string {
  const settings =
    store.kind === 'embedded'
      ? `data: ${data}\nstore: { kind: embedded }`
      : `store: { kind: influxdb, url: ${JSON.stringify(store.url)}, bucket: ${JSON.stringify(store.bucket)}${secret(store.tokenFile)} }`;
  return [
    `To switch, stop the gateway if it was started meanwhile (then copy again), and put into its configuration:`,
    settings,
    `id: ${id}`,
    `The source (${placeOf(from)}) stays as it is; keep it until the gateway has run on the target.`,
  ].join('\n');
}

function secret(tokenFile: string | undefined): string {
  return tokenFile === undefined ? '' : `, tokenFile: ${JSON.stringify(tokenFile)}`;
}
