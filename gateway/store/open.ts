import { mkdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { openEmbeddedReader, openEmbeddedStore } from './embedded/store.ts';
import { openInfluxStore } from './influxdb/store.ts';
import { RefusedRecords, type Store, StoreError } from './port.ts';

/** What of the configuration says which store, and who else writes to it. */
export type StoreSettings = Pick<GatewayConfig, 'data' | 'id' | 'store'> &
  Partial<Pick<GatewayConfig, 'mqtt'>>;

/**
 * Opens the store the configuration names. Rejects with StoreError.
 * @param made is told what `create` made.
 */
export async function openStore(
  { data, id, store, mqtt }: StoreSettings,
  clock: Clock,
  made: (what: string) => void = () => undefined,
): Promise<Store> {
  if (store.kind === 'embedded') return openEmbeddedStore({ folder: data });
  // The folder of the embedded store also holds the socket through which a running gateway is asked.
  await mkdir(data, { recursive: true });
  const { url, bucket, org, create } = store;
  return openInfluxStore({
    url,
    bucket,
    org,
    create,
    made,
    shared: mqtt?.shared !== undefined,
    token: store.token ?? (await content(store.tokenFile, 'store.tokenFile'))?.trim(),
    ca: await content(store.caFile, 'store.caFile'),
    writer: id,
    wallMs: clock.wallMs,
  });
}

/**
 * The same for reading alone, beside a gateway that runs or while none does, for a program that serves nobody meanwhile.
 * Rejects with StoreError.
 */
export function openStoreForReading(settings: StoreSettings, clock: Clock): Promise<Store> {
  return settings.store.kind === 'embedded'
    ? openEmbeddedReader({ folder: settings.data }, 'here')
    : openStore(settings, clock);
}

const retryMs = { first: 500, most: 10_000 };

/**
 * Does what needs a store that opens, again for as long as the error says that it may succeed later: a plant's machines
 * start in any order, and a gateway that ends because the database is away is one more thing to restart. Rejects when
 * stopped meanwhile.
 */
export async function awaitStore<Opened>(
  open: () => Promise<Opened>,
  failed: (error: StoreError) => void,
  stopping?: AbortSignal,
): Promise<Opened> {
  for (let waitMs = retryMs.first; ; waitMs = Math.min(2 * waitMs, retryMs.most)) {
    stopping?.throwIfAborted();
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof StoreError && mayMend(error))) throw error;
      failed(error);
      await sleep(waitMs, undefined, { signal: stopping });
    }
  }
}

/** Without a change to the files of this machine; records are entered at the start, too. */
function mayMend(error: StoreError): boolean {
  return error.retryable || error instanceof RefusedRecords;
}

async function content(file: string | undefined, setting: string): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StoreError(`${setting}: ${String(error)}`, false, error);
  }
}
