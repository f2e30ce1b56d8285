import { afterEach, expect, test, vi } from 'vitest';
import type { PackCalibration, PackHistoryPoint } from '#gateway/contract';
import { frame, type GatewayProcess, startGatewayProcess, WireDevice } from './gateway-process.ts';

/** A calibration changes what the past means, never what was measured; taken back, it leaves no trace. */

const waiting = { timeout: 60_000, interval: 20 };
const minuteMs = 60_000;
/** Longer than a day, so that a midnight with its checkpoint lies within. */
const minutes = 30 * 60;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of open.splice(0).toReversed()) await end();
});

const shownMpa = (minute: number): number => 18 - (8 * minute) / minutes;

async function sendPast(gateway: GatewayProcess, firstMs: number): Promise<void> {
  const device = await WireDevice.connect(gateway.mqttUrl);
  open.push(() => device.close());
  const frames = Array.from({ length: minutes }, (_, minute) =>
    frame(minute + 1, firstMs + minute * minuteMs, {
      'pack-1/pressure': { value: shownMpa(minute) },
      'pack-1/temperature': { value: 20 },
    }),
  );
  for (let at = 0; at < frames.length; at += 100)
    await device.send('history', { frames: frames.slice(at, at + 100) });
  await vi.waitFor(() => expect(device.acknowledged()).toHaveLength(minutes), waiting);
}

test('history is derived anew after a calibration, and as before after its withdrawal', async () => {
  const gateway = await startGatewayProcess();
  open.push(() => gateway.program.end('SIGKILL'));
  const endMs = Math.floor(Date.now() / minuteMs) * minuteMs;
  const firstMs = endMs - minutes * minuteMs;
  const span = `from=${firstMs}&to=${endMs}`;
  const text = async (path: string) => (await gateway.get(`/api/v1/${path}`)).text();
  const history = () => text(`packs/pack-1/history?${span}&points=2000`);
  const raw = () => text(`readings?channel=keihin/pi-1/pack-1/pressure&${span}`);
  const pointsOf = (answer: string): PackHistoryPoint[] => JSON.parse(answer).items;
  const calibrations = async (): Promise<PackCalibration[]> =>
    JSON.parse(await text('packs/pack-1/calibrations')).items;
  await sendPast(gateway, firstMs);
  await vi.waitFor(async () => {
    const points = pointsOf(await history());
    expect(points).toHaveLength(minutes);
    expect(points.every(({ totalKg }) => totalKg !== null)).toBe(true);
  }, waiting);
  const [historyBefore, rawBefore] = [await history(), await raw()];
  expect(rawBefore.trim().split('\n')).toHaveLength(minutes);

  const from = firstMs + 10 * 60 * minuteMs;
  const posted = await gateway.post('/api/v1/packs/pack-1/calibrations', {
    by: '佐藤',
    from,
    validUntil: endMs + 365 * 24 * 60 * minuteMs,
    points: [
      { shownMpa: 0, referenceMpa: 0.1 },
      { shownMpa: 20, referenceMpa: 20.3 },
    ],
    expandedUncertaintyMpa: 0.02,
    certificate: 'C-9',
  });
  const calibration: PackCalibration = await posted.json();
  expect(posted.status, JSON.stringify(calibration)).toBe(201);
  // The recomputation can be seen where it is answered, and in health and the list while it lasts.
  expect(calibration.recomputing).toMatchObject({ from: expect.any(Number) });
  await vi.waitFor(async () => {
    const [listed] = await calibrations();
    expect(listed).toMatchObject({ id: calibration.id, state: 'in-force', recomputing: null });
    expect((await gateway.health()).derivation.recomputing).toEqual([]);
  }, waiting);
  const [before, after] = [pointsOf(historyBefore), pointsOf(await history())];
  expect(after).toHaveLength(minutes);
  for (const [index, point] of after.entries()) {
    if (point.at < from) expect(point).toEqual(before[index]);
    else {
      expect(point.pressureMpa).toBeCloseTo(shownMpa(index) * 1.01 + 0.1, 6);
      expect(point.totalKg).toBeGreaterThan(before[index]?.totalKg ?? Number.NaN);
    }
  }
  expect(await raw()).toBe(rawBefore);

  const withdrawn = await gateway.post(
    `/api/v1/packs/pack-1/withdrawals/calibration/${calibration.id}`,
    { by: '佐藤', why: '別の伝送器の証明書だった' },
  );
  expect(withdrawn.status).toBe(201);
  await vi.waitFor(async () => expect(await history()).toBe(historyBefore), waiting);
  expect(await raw()).toBe(rawBefore);
  expect((await calibrations())[0]).toMatchObject({ id: calibration.id, state: 'withdrawn' });
});
