import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { hydrogenMeasurement } from '../../derive/pack-job.ts';
import { configuredPacks, packKey } from '../../derive/pack.ts';
import { openEmbeddedStore } from '../../store/embedded/store.ts';
import type { Store } from '../../store/port.ts';
import { RecordDesk } from '../desk.ts';
import { transmitterAt } from './gauge-readings.ts';
import type { LedgerNow } from './sources.ts';

const plant =
  'sites: [{ id: keihin, packs: [{ id: pack-1, device: pi-1, cylinders: 30, cylinderLitres: 50 }] }]';
const [pack] = configuredPacks(parseConfig(plant, 'gateway.yaml', {}));
if (pack === undefined) throw new Error('no pack is configured');
const closedAt = 1_775_001_600_000;
const readAt = closedAt + 90_000;
const point = { at: readAt - 20_000, pressureMpa: 6, temperatureC: 20, kg: 7.3 };
const nowhere: LedgerNow = { isolation: null, segment: null, anchors: [] };

let store: Store;
beforeAll(async () => {
  store = await openEmbeddedStore({ folder: mkdtempSync(join(tmpdir(), 'kadoru-gauge-')) });
  const series = { site: 'keihin', device: 'pi-1', asset: 'pack-1', quantity: 'pressure' } as const;
  const content = { value: 6, raw: null, quality: 'good', why: null, clock: 'synced' } as const;
  const origin = { stream: 's', seq: 1, receivedAt: readAt };
  const reading = { ...series, ...content, ...origin, at: readAt };
  const nothing = { frames: [], events: [], quarantine: [], records: [], stale: [] };
  await store.commit({ ...nothing, readings: [reading] });
  // The newest minute that was derived: the line was closed then.
  const key = { measurement: hydrogenMeasurement, key: packKey(pack) };
  await store.putDerived(key, [{ at: closedAt, fields: { why: 'isolated' } }], []);
});
afterAll(() => store.close());

const shown = (ledger: LedgerNow) => {
  const sources = { desk: new RecordDesk(store), store, ledger: () => ledger };
  return transmitterAt(sources, pack, readAt, 20);
};

test('right after a line opened, the ledger that followed it goes before the minute that is derived', async () => {
  expect(await shown({ ...nowhere, anchors: [point] })).toMatchObject({ pressureMpa: 6 });
});

test('what the ledger did not follow is judged by what is derived', async () => {
  expect(await shown(nowhere)).toBeUndefined();
  expect(await shown({ ...nowhere, anchors: [{ ...point, at: readAt + 1 }] })).toBeUndefined();
});
