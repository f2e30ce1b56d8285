import { afterEach, expect, test, vi } from 'vitest';
import type { Batch, BookLine, Delivery, GaugeReading } from '#gateway/contract';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

/** A pack without any sensor, from its delivery to the book, through the real program that is killed on the way. */

const waiting = { timeout: 30_000, interval: 100 };
const hourMs = 3_600_000;
const minuteMs = 60_000;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of open.splice(0).toReversed()) await end();
});

const sites = [
  { id: 'keihin', packs: [{ id: 'pack-1', name: '1号', cylinders: 30, cylinderLitres: 50 }] },
];

function kept(gateway: GatewayProcess): GatewayProcess {
  open.push(() => gateway.program.end('SIGKILL'));
  return gateway;
}

async function state<T>(gateway: GatewayProcess, path: string, body: object): Promise<T> {
  const response = await gateway.post(`/api/v1/packs/pack-1/${path}`, body);
  const answer = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(201);
  return answer as T;
}

async function items<T>(gateway: GatewayProcess, path: string): Promise<T[]> {
  return (await (await gateway.get(`/api/v1/${path}`)).json()).items;
}

test('a pack that only people read: gauge, delivery, batch and book; what was answered survives SIGKILL', async () => {
  const now = Date.now();
  const gateway = kept(await startGatewayProcess({ more: { sites } }));
  const read = (readAt: number, pressureMpa: number) => ({
    by: '山田',
    readAt,
    pressureMpa,
    temperatureC: 20,
  });
  const first = await state<GaugeReading>(gateway, 'gauge-readings', read(now - 3 * hourMs, 15));
  await gateway.program.end('SIGKILL');

  const second = kept(await gateway.again());
  expect(await items(second, 'packs/pack-1/gauge-readings')).toEqual([first]);
  expect((await second.pack()).hydrogen).toEqual(first.hydrogen);
  const delivered = await state<Delivery>(second, 'deliveries', {
    by: '佐藤',
    serial: 'K-1042',
    origin: 'tokyo',
    openCylinders: 30,
    openedAt: now - 3 * hourMs,
    arrival: { at: now - 4 * hourMs, pressureMpa: 15, temperatureC: 20 },
    purityCertificate: 'P-77',
  });
  const later = await state<GaugeReading>(second, 'gauge-readings', read(now - minuteMs, 10));
  const pack = await second.pack();
  expect(pack).toMatchObject({ source: 'manual', quality: 'good', pressureMpa: 10 });
  expect(pack.hydrogen).toEqual(later.hydrogen);
  expect(pack.hydrogen?.totalKg).toBeCloseTo(11.8062, 4);
  // A needle and a thermometer in the hand are less sure than the worst transmitter (0.42 kg of a full pack).
  expect(pack.hydrogen?.expandedUncertaintyKg).toBeGreaterThan(0.42);
  const batch = await state<Batch>(second, 'batches', {
    by: '田中',
    lot: 'L-7',
    units: 400,
    from: now - 3 * hourMs,
    to: now - minuteMs / 2,
  });
  await second.program.end('SIGKILL');

  const third = kept(await second.again());
  await vi.waitFor(async () => {
    const [made] = await items<Batch>(third, 'packs/pack-1/batches');
    expect(made).toMatchObject({ id: batch.id, state: 'resolved' });
  }, waiting);
  const [made] = await items<Batch>(third, 'packs/pack-1/batches');
  const fell = first.hydrogen.totalKg - later.hydrogen.totalKg;
  expect(made?.drawn?.kg).toBeCloseTo(fell, 9);
  expect(await items(third, 'packs/pack-1/deliveries')).toMatchObject([
    { id: delivered.id, serial: 'K-1042', endedAt: null, unexplained: 0 },
  ]);
  await vi.waitFor(
    async () => expect((await third.pack()).delivery?.drawn).not.toBeNull(),
    waiting,
  );
  expect((await third.pack()).delivery).toMatchObject({ id: delivered.id, origin: 'tokyo' });
  const lines = await items<BookLine>(third, 'book');
  expect(lines.map(({ entry, reference }) => [entry, reference])).toEqual([
    ['received', 'P-77'],
    ['issued', 'L-7'],
  ]);
  expect(lines[1]?.kg).toBeCloseTo(fell, 9);
  const csv = await (await third.get('/api/v1/book?format=csv')).arrayBuffer();
  expect(Buffer.from(csv).toString('utf8')).toMatch(
    /^\uFEFFat,pack,.*\r\n.*\+09:00,pack-1,tokyo,received,K-1042,.*,P-77,佐藤\r\n.*,issued,/,
  );
  const health = await third.health();
  expect(health.unknownAssets).toEqual([]);
  expect(health.devices).toEqual([]);
});
