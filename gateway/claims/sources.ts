import type { GatewayConfig } from '../config/schema.ts';
import { systemClock } from '../clock.ts';
import { configuredFuelCells } from '../derive/fuel-terms.ts';
import { configuredMeters } from '../derive/meter.ts';
import { RecordDesk } from '../records/desk.ts';
import { openStoreForReading } from '../store/open.ts';
import type { ClaimSources } from './calculate.ts';
import { standingClaims } from './life.ts';

/**
 * Opens what a claim is made of, for reading alone: the gateway may run meanwhile, and its ingest waits for nothing here.
 * Rejects with StoreError.
 */
export async function withSources<Result>(
  config: GatewayConfig,
  use: (sources: ClaimSources) => Promise<Result>,
): Promise<Result> {
  const store = await openStoreForReading(config, systemClock);
  try {
    const desk = await RecordDesk.load(store);
    const claims = await standingClaims(store);
    const meters = configuredMeters(config);
    return await use({ store, desk, meters, fuelCells: configuredFuelCells(config), claims });
  } finally {
    await store.close();
  }
}
