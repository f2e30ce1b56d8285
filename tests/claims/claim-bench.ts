import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClaimSources } from '../../gateway/claims/calculate.ts';
import { standingClaims } from '../../gateway/claims/life.ts';
import { parseConfig } from '../../gateway/config/load.ts';
import { configuredFuelCells } from '../../gateway/derive/fuel-terms.ts';
import { configuredMeters } from '../../gateway/derive/meter.ts';
import { type Entry, revisionFor } from '../../gateway/programme/entry.ts';
import { RecordDesk } from '../../gateway/records/desk.ts';
import { SealJob } from '../../gateway/seals/job.ts';
import { openEmbeddedStore } from '../../gateway/store/embedded/store.ts';
import type { Store, StoredEvent, StoredReading } from '../../gateway/store/port.ts';

/** Test equipment: a real store with a programme in it, sealed by the real job. */
export interface ClaimBench {
  readonly folder: string;
  readonly store: Store;
  enter(entries: readonly Entry[], nowMs: number): Promise<void>;
  commit(readings: readonly StoredReading[], events?: readonly StoredEvent[]): Promise<void>;
  seal(nowMs: number): Promise<void>;
  sources(): Promise<ClaimSources>;
  close(): Promise<void>;
}

const readingsAtOnce = 5_000;

/** @param sites of the gateway's configuration, as YAML. */
export async function claimBench(sites: string): Promise<ClaimBench> {
  const folder = mkdtempSync(join(tmpdir(), 'kadoru-claims-'));
  const store = await openEmbeddedStore({ folder: join(folder, 'data') });
  const config = parseConfig(sites, 'gateway.yaml', {});
  const meters = configuredMeters(config);
  const fuelCells = configuredFuelCells(config);
  const nothing = { frames: [], quarantine: [], records: [], stale: [] };
  return {
    folder,
    store,
    async enter(entries, nowMs) {
      const desk = await RecordDesk.load(store);
      for (const entry of entries) {
        const record = revisionFor(desk, entry, { by: 'tests', nowMs });
        if (record !== undefined) await desk.add(record);
      }
    },
    async commit(readings, events = []) {
      for (let from = 0; from < readings.length; from += readingsAtOnce) {
        const some = readings.slice(from, from + readingsAtOnce);
        await store.commit({ ...nothing, readings: some, events: [] });
      }
      if (events.length > 0) await store.commit({ ...nothing, readings: [], events });
    },
    async seal(nowMs) {
      const job = await SealJob.load(store, meters);
      while (await job.turn(nowMs));
    },
    async sources() {
      const desk = await RecordDesk.load(store);
      return { store, desk, meters, fuelCells, claims: await standingClaims(store) };
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A reading of a device that says nothing else. */
export function plainReading(
  series: Pick<StoredReading, 'site' | 'device' | 'asset' | 'quantity'>,
  at: number,
  value: number,
): StoredReading {
  const content = { value, raw: null, quality: 'good', why: null, clock: 'synced' } as const;
  return { ...series, ...content, at, stream: 's', seq: at, receivedAt: at };
}
