import { mkdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { GatewayConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { openEmbeddedReader, openEmbeddedStore } from './embedded/store.ts';
import { openInfluxStore } from './influxdb/store.ts';
import { type Store, StoreError } from './port.ts';

/** What of the configuration says which store, and who else writes to it. */
export type StoreSettings = Pick<GatewayConfig, 'data' | 'id' | 'store'> &
  Partial<Pick<GatewayConfig, 'mqtt'>>;

/** Opens the store the configuration names. Rejects with StoreError. */
export async function openStore(
  { data, id, store, mqtt }: StoreSettings,
  clock: Clock,
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
 * Opens what needs the store, again and again while its server is away: a database is often started after the gateway,
 * and a gateway that ends because the database is away is one more thing to restart. Rejects when stopped meanwhile.
 */
export async function awaitStore<Opened>(
  { store }: Pick<GatewayConfig, 'store'>,
  { log, stopping }: { readonly log: Log; readonly stopping?: AbortSignal | undefined },
  open: () => Promise<Opened>,
): Promise<Opened> {
  for (let waitMs = retryMs.first; ; waitMs = Math.min(2 * waitMs, retryMs.most)) {
    stopping?.throwIfAborted();
    try {
      return await open();
    } catch (error) {
      // The embedded store is on this machine: what is wrong with it, somebody has to mend.
      const again = error instanceof StoreError && error.retryable && store.kind !== 'embedded';
      if (!again) throw error;
      log.error({ error: error.message }, 'the store cannot be opened; trying again');
      await sleep(waitMs, undefined, { signal: stopping });
    }
  }
}

async function content(file: string | undefined, setting: string): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StoreError(`${setting}: ${String(error)}`, false, error);
  }
}
