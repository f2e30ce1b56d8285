import { afterEach, expect, test, vi } from 'vitest';
import type { Alarm, EnergyInterval, Meter } from '#gateway/contract';
import { frame, type GatewayProcess, startGatewayProcess, WireDevice } from './gateway-process.ts';

const waiting = { timeout: 60_000, interval: 200 };
const minuteMs = 60_000;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of open.splice(0).toReversed()) await end();
});

async function items<T>(gateway: GatewayProcess, path: string): Promise<T[]> {
  return (await (await gateway.get(`/api/v1${path}`)).json()).items;
}

test('a register that falls raises a note; a person’s word clears it, and its energy is counted, also after SIGKILL', async () => {
  const gateway = await startGatewayProcess();
  open.push(() => gateway.program.end('SIGKILL'));
  const device = await WireDevice.connect(gateway.mqttUrl);
  open.push(() => device.close());
  // Yesterday, from a half hour on: 50 Wh a minute; after half an hour the counter was reset.
  const start = Math.floor((Date.now() - 24 * 60 * minuteMs) / (30 * minuteMs)) * 30 * minuteMs;
  const frames = Array.from({ length: 90 }, (_, seq) => {
    const value = seq < 45 ? 10_000 + seq * 50 : (seq - 45) * 50;
    return frame(seq, start + seq * minuteMs, { 'pv-1/generated': { value } });
  });
  await device.send('history', { frames });
  const meter = 'keihin/pv-1/generated';
  const notes = async (from: GatewayProcess) =>
    (await items<Alarm>(from, '/alarms')).filter(
      ({ kind, phase }) => kind === 'register-event' && phase === 'active-unacknowledged',
    );
  await vi.waitFor(async () => expect(await notes(gateway)).toHaveLength(1), waiting);
  const [shown] = await items<Meter>(gateway, '/meters');
  const [event] = shown?.openEvents ?? [];
  expect(event).toMatchObject({ kind: 'fall', before: 12_200, after: 0 });

  const said = { kind: 'reset-to-zero', finalWh: 12_230, by: '山田', why: 'power cut' };
  const answer = await gateway.post(`/api/v1/register-events/${event?.id}/resolution`, said);
  expect(answer.status).toBe(201);
  await vi.waitFor(async () => expect(await notes(gateway)).toEqual([]), waiting);
  const path = `/intervals?meter=${meter}&from=${start}&to=${start + 60 * minuteMs}`;
  const halfHours = await items<EnergyInterval>(gateway, path);
  expect(halfHours.map(({ wh, quality }) => [wh, quality])).toEqual([
    [1_500, 'good'],
    [14 * 50 + 30 + 15 * 50, 'good'],
  ]);

  await gateway.program.end('SIGKILL');
  const revived = await gateway.again();
  open.push(() => revived.program.end('SIGKILL'));
  expect(await items<EnergyInterval>(revived, path)).toEqual(halfHours);
  expect(await notes(revived)).toEqual([]);
});
