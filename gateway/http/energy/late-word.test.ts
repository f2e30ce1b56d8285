import { expect, test } from 'vitest';
import type { Frame } from '#device/contract';
import type { EnergyInterval, ShownRegisterEvent } from '#gateway/contract';
import { meterBench } from './testing-meters.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-04-01T00:00:00+09:00');
const now = start + 24 * 60 * minuteMs;
const sites = `sites: [{ id: keihin,
  generators: [{ id: pv-1, kind: pv, device: pi-1, meters: { generated: {} } }] }]`;
const pv = 'keihin/pv-1/generated';

test('what was said of a fall is not said of the rise that late data leaves there: it asks again', async () => {
  const late = await meterBench(sites, now);
  const frame = (seq: number, wh: number): Frame => {
    const readings = { 'pv-1/generated': { value: wh } };
    return { stream: 's', seq, at: start + seq * 30 * minuteMs, clock: 'synced', readings };
  };
  const total = async (): Promise<number | undefined> => {
    await late.derive();
    return (
      await late.items<EnergyInterval>(`/intervals?meter=${pv}&from=${start}&resolution=1d`)
    )[0]?.wh;
  };
  const events = () => late.items<ShownRegisterEvent>(`/register-events?meter=${pv}`);
  await late.receive('keihin', 'pi-1', [frame(0, 50_000), frame(2, 300), frame(3, 500)]);
  await late.derive();
  const reset = { kind: 'reset-to-zero', by: '山田', why: 'seen' };
  const say = async () =>
    late.state(`/register-events/${(await events())[0]?.id}/resolution`, reset);
  await say();
  expect(await total()).toBe(300 + 200);
  await late.receive('keihin', 'pi-1', [frame(1, 100)]);
  expect(await total()).toBe(200 + 200);
  expect(await events()).toMatchObject([
    { at: start + 30 * minuteMs, kind: 'fall', resolution: null },
  ]);
  await say();
  expect(await total()).toBe(100 + 200 + 200);
  await late.close();
});
