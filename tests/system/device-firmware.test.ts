import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceConfig } from './device-config.ts';
import {
  Bench,
  type DeviceProcess,
  type SeenFrame,
  startBoard,
  startDeviceProcess,
  startGatewayPeer,
  until,
} from './device-harness.ts';

/** The real StandardFirmata under the real device program, to the broker. */
const bench = new Bench();
let board: Awaited<ReturnType<typeof startBoard>>;
let gateway: Awaited<ReturnType<typeof startGatewayPeer>>;
let device: DeviceProcess;

/** What the meter's display showed, so that the register is known from the start. */
const register = { wh: 1_000_000, asOf: '2026-04-01T00:00:00+09:00' };
const config = () =>
  deviceConfig({ mqttUrl: gateway.url, board: board.url, packSeconds: 0.5, register });

beforeAll(async () => {
  board = await startBoard(bench);
  gateway = await startGatewayPeer('keihin', 'pi-1');
  device = await startDeviceProcess(config());
}, 60_000);

afterAll(async () => {
  device.child.kill('SIGKILL');
  await gateway.stop();
  await board.stop();
});

/** The first frame from now on whose reading of the channel is as wanted. */
function nextReading(
  channel: string,
  wanted: (reading: SeenFrame['readings'][string]) => boolean,
): Promise<SeenFrame['readings'][string]> {
  const from = gateway.frames.length;
  return until(`${channel}, ${device.log.at(-1) ?? 'no log'}`, () =>
    gateway.frames
      .slice(from)
      .map(({ readings }) => readings[channel])
      .find((reading) => reading !== undefined && wanted(reading)),
  );
}

test('values arrive as the loops carry them', { timeout: 60_000 }, async () => {
  const pressure = await nextReading('pack-1/pressure', ({ value }) => value !== null);
  expect(pressure.quality).toBe('good');
  expect(pressure.value).toBeCloseTo(20, 2);
  const temperature = await nextReading('pack-1/temperature', ({ value }) => value !== null);
  expect(temperature.value).toBeCloseTo(22.5, 2);
  bench.milliamperes[0] = 4 + 16 * (12.345 / 40);
  const moved = await nextReading(
    'pack-1/pressure',
    ({ value }) => Math.abs((value ?? 0) - 12.345) < 0.02,
  );
  expect(moved.raw).toBeGreaterThan(0);
});

test(
  'a cut loop, a short and an absent chip are nulls with their reason, and mend by themselves',
  { timeout: 90_000 },
  async () => {
    const cases = [
      {
        spoil: () => (bench.milliamperes[0] = 0),
        mend: () => (bench.milliamperes[0] = 12),
        why: 'loop-open',
      },
      {
        spoil: () => (bench.milliamperes[0] = 22),
        mend: () => (bench.milliamperes[0] = 12),
        why: 'loop-short',
      },
      {
        spoil: () => (bench.chipPresent = false),
        mend: () => (bench.chipPresent = true),
        why: 'bus-error',
      },
    ];
    for (const { spoil, mend, why } of cases) {
      spoil();
      const bad = await nextReading('pack-1/pressure', (reading) => reading.why === why);
      expect(bad).toMatchObject({ value: null, quality: 'bad' });
      mend();
      await nextReading('pack-1/pressure', ({ quality }) => quality === 'good');
    }
  },
);

test('500 of 500 pulses are in the register', { timeout: 120_000 }, async () => {
  const before = await nextReading('pv-1/generated', ({ quality }) => quality === 'good');
  bench.sendPulses(500);
  await until('all pulses sent', () => (bench.sentPulses === 500 ? true : undefined), 110_000);
  const wanted = (before.value ?? 0) + 500;
  const after = await nextReading(
    'pv-1/generated',
    ({ value }) => value !== null && value >= wanted,
  );
  expect(after).toMatchObject({ value: wanted, quality: 'good' });
});

test(
  'an unplugged board and a reset are seen, and both come back in the same process',
  { timeout: 120_000 },
  async () => {
    await board.server.unplug();
    await nextReading('pack-1/pressure', ({ why }) => why === 'bus-error');
    await nextReading('pv-1/generated', ({ value, why }) => value === null && why === 'bus-error');
    await board.server.replug();
    await nextReading('pack-1/pressure', ({ quality }) => quality === 'good');
    const back = await nextReading('pv-1/generated', ({ value }) => value !== null);
    expect(back.value).toBe(1_000_500);
    const lines = device.log.length;
    board.board.reset();
    // Its silence while it boots is noticed before its second version report.
    await until('the reset in the log', () =>
      device.log.slice(lines).find((line) => /was reset|silent/.test(line)),
    );
    await nextReading('pack-1/pressure', ({ quality }) => quality === 'good');
    expect(device.child.exitCode).toBeNull();
  },
);

test(
  'SIGTERM persists the register, says offline and exits 0 within 5 s; a new start goes on',
  { timeout: 120_000 },
  async () => {
    // After 4.5 s it would end itself with 1.
    expect(await device.end('SIGTERM')).toBe(0);
    await until('offline', () => gateway.states.find(({ state }) => state === 'offline'));
    expect(gateway.states.map(({ state }) => state)).not.toContain('lost');
    const from = gateway.frames.length;
    const lastSeq = Math.max(...gateway.frames.map(({ seq }) => seq));
    device = await startDeviceProcess(config(), device.folder);
    const first = await nextReading('pv-1/generated', ({ value }) => value !== null);
    expect(first).toMatchObject({ value: 1_000_500, quality: 'uncertain', why: 'no-data' });
    const frame = gateway.frames[from];
    // The numbers go on: a clean stop leaves no hole.
    expect(frame?.seq).toBe(lastSeq + 1);
    expect(frame?.events?.map(({ kind }) => kind)).toEqual(['meta', 'restart']);
  },
);

test('frames of one stream rise in seq and at, and each was live at most once', () => {
  const streams = new Set(gateway.frames.map(({ stream }) => stream));
  expect(streams.size).toBe(1);
  for (const stream of streams) {
    const frames = gateway.frames.filter((frame) => frame.stream === stream);
    const bySeq = [...new Map(frames.map((frame) => [frame.seq, frame])).values()].toSorted(
      (a, b) => a.seq - b.seq,
    );
    const stamps = bySeq.map(({ at }) => at);
    expect(stamps).toEqual([...new Set(stamps)].toSorted((a, b) => a - b));
    const live = frames.filter(({ topic }) => topic === 'live').map(({ seq }) => seq);
    expect(new Set(live).size).toBe(live.length);
  }
});
