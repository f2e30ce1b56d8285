import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MetaBook } from '../../sampling/meta-book.ts';
import { SimulatedModbusMeter } from '../../../simulators/meters/modbus/meter.ts';
import { leadsMs } from './assembly.ts';
import { ModbusMeter } from './meter.ts';
import type { ModbusBus, ModbusReply, ModbusRequest } from './port.ts';
import { registersOf } from './profile.ts';
import { builtInProfiles } from './profiles.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  offsetMs: () => 0,
  trusted: () => true,
};
const answerMs = 50;
const sampleIntervalMs = 60_000;
const leadMs = 2_500;

/** A meter of the device on a bus whose answers come from a simulated one after 50 ms. */
function setUp(profileName: string, model: ConstructorParameters<typeof SimulatedModbusMeter>[0]) {
  const simulated = new SimulatedModbusMeter(model, 4_711);
  const asked: (ModbusRequest & { atMs: number })[] = [];
  const state = { away: false };
  const bus: ModbusBus = {
    id: 'rs485',
    start: () => undefined,
    stop: () => Promise.resolve(),
    request: (request): Promise<ModbusReply> => {
      asked.push({ ...request, atMs: performance.now() });
      const { function: code, address, count } = request;
      const reply: ModbusReply = state.away
        ? { kind: 'failed', why: 'away', detail: 'unplugged' }
        : simulated.answering.kind === 'silence'
          ? { kind: 'failed', why: 'silent', detail: 'nothing' }
          : simulated.read(code, address, count);
      const delayMs = simulated.answering.kind === 'silence' ? 1_000 : answerMs;
      return new Promise((resolve) => setTimeout(() => resolve(reply), delayMs));
    },
  };
  const log: string[] = [];
  const say = (_fields: object, message: string): void => void log.push(message);
  const profile = builtInProfiles[profileName];
  if (profile === undefined) throw new Error(profileName);
  const { maker, model: name, serial } = profile;
  const book: { meta?: MetaBook } = {};
  const meter = new ModbusMeter(
    {
      id: 'pv-1',
      unit: 1,
      registers: registersOf(profile.registers),
      serial,
      sampleIntervalMs,
      leadMs,
      maker,
      model: name,
      profile: profileName,
      configuredSerial: undefined,
    },
    {
      bus,
      clock,
      log: { debug: say, info: say, warn: say, error: say },
      identityChanged: () => book.meta?.change(),
    },
  );
  const meta = new MetaBook([meter]);
  book.meta = meta;
  let instantMs = 0;
  /** The sampler's next instant. */
  const sample = async () => {
    instantMs += sampleIntervalMs;
    await vi.advanceTimersByTimeAsync(instantMs - performance.now());
    const readings = await meter.sample();
    return Object.fromEntries([...readings].map(([channel, reading]) => [channel, reading]));
  };
  const first = async () => {
    instantMs = performance.now();
    const readings = meter.sample();
    await vi.advanceTimersByTimeAsync(2_000);
    return Object.fromEntries(await readings);
  };
  return { simulated, asked, log, meter, meta, sample, first, state };
}

test('it is asked shortly before each instant, in as few requests as it takes, and answers at once', async () => {
  const { simulated, asked, sample, first } = setUp('sdm230', 'sdm230');
  simulated.set({ importedWh: 1_234_567, exportedWh: 89, powerW: -1_500 });
  expect(await first()).toMatchObject({
    'pv-1/imported': { value: 1_234_567, quality: 'good' },
    'pv-1/exported': { value: 89 },
    'pv-1/power': { value: -1_500 },
  });
  asked.length = 0;
  simulated.set({ importedWh: 1_234_600 });
  expect((await sample())['pv-1/imported']?.value).toBe(1_234_600);
  // Serial number, power, both registers together.
  expect(asked.map(({ count }) => count)).toEqual([2, 2, 4]);
  for (const { atMs } of asked) {
    expect(atMs).toBeLessThan(performance.now());
    expect(atMs).toBeGreaterThanOrEqual(performance.now() - leadMs);
  }
});

test('a reading is handed out once: what comes too late is no reading, not an old one', async () => {
  const { simulated, sample, first, meter } = setUp('sdm230', 'sdm230');
  simulated.set({ importedWh: 5_000 });
  await first();
  // Asked again at once: nothing new has been read.
  expect(await meter.sample().then((readings) => readings.get('pv-1/imported'))).toMatchObject({
    value: null,
    why: 'no-data',
  });
  expect((await sample())['pv-1/imported']?.value).toBe(5_000);
});

test('a unit that keeps silent is unknown, asked after the others and more seldom, and comes back', async () => {
  const { simulated, asked, log, sample, first } = setUp('sdm230', 'sdm230');
  simulated.set({ importedWh: 5_000 });
  await first();
  simulated.answering = { kind: 'silence' };
  for (let instant = 0; instant < 6; instant += 1)
    expect((await sample())['pv-1/imported']).toMatchObject({ value: null, why: 'bus-error' });
  asked.length = 0;
  const fromMs = performance.now();
  for (let instant = 0; instant < 10; instant += 1) await sample();
  // One request per round, one round a minute at most, and none just before an instant.
  expect(asked.length).toBeLessThanOrEqual(11);
  for (const { atMs } of asked)
    expect((atMs - fromMs) % sampleIntervalMs).toBeLessThan(sampleIntervalMs - leadMs);
  expect(log.filter((line) => line.includes('does not answer'))).toHaveLength(1);
  simulated.answering = { kind: 'none' };
  await sample();
  await sample();
  expect((await sample())['pv-1/imported']?.value).toBe(5_000);
  expect(log.filter((line) => line.includes('answers again'))).toHaveLength(1);
});

test('a bus that is away is no fault of the meter: it is asked as ever', async () => {
  const { state, log, sample, first } = setUp('sdm230', 'sdm230');
  await first();
  state.away = true;
  for (let instant = 0; instant < 5; instant += 1)
    expect((await sample())['pv-1/imported']).toMatchObject({ why: 'bus-error' });
  state.away = false;
  expect((await sample())['pv-1/imported']?.quality).toBe('good');
  expect(log.join()).not.toContain('does not answer');
});

test('a register the meter does not have costs nothing but itself', async () => {
  const { simulated, asked, sample, first } = setUp('iem3000', 'iem3150');
  simulated.set({ importedWh: 77 });
  const readings = {
    'pv-1/imported': { value: 77, quality: 'good' },
    'pv-1/exported': { value: null, why: 'no-data' },
  };
  expect(await first()).toMatchObject(readings);
  asked.length = 0;
  expect(await sample()).toMatchObject(readings);
  expect(asked.map(({ count }) => count)).toEqual([2, 2, 4, 4]);
});

test('another meter is noticed with its first reading, said, and described from there on', async () => {
  const { simulated, log, meta, sample, first } = setUp('sdm120', 'sdm120');
  simulated.set({ importedWh: 5_000 });
  await first();
  expect(meta.takeChange()).toBe(true);
  expect(meta.current.channels['pv-1/imported']).toMatchObject({
    maker: 'Eastron',
    model: 'SDM120',
    serial: '4711',
    unit: 'Wh',
  });
  await sample();
  expect(meta.takeChange()).toBe(false);
  simulated.swap(4_712, 3);
  expect((await sample())['pv-1/imported']?.value).toBe(3);
  expect(meta.takeChange()).toBe(true);
  expect(meta.current.channels['pv-1/imported']?.serial).toBe('4712');
  expect(log.filter((line) => line.includes('another meter'))).toHaveLength(1);
});

test('a float that no longer shows each Wh is said once', async () => {
  const { simulated, log, sample, first } = setUp('sdm230', 'sdm230');
  simulated.set({ importedWh: 20_000_000 });
  await first();
  await sample();
  expect(log.filter((line) => line.includes('steps of 1.95 Wh'))).toHaveLength(1);
});

test('a meter without a serial number is read without', async () => {
  const { simulated, asked, log, sample, first } = setUp('iem3000', 'km-n1');
  simulated.set({ importedWh: 77 });
  await first();
  asked.length = 0;
  expect((await sample())['pv-1/imported']).toMatchObject({ why: 'no-data' });
  expect(asked.some(({ address }) => address === 0x81)).toBe(false);
  expect(log.filter((line) => line.includes('serial number'))).toHaveLength(1);
});

test('the meters of a bus are asked one after the other, and all in time though one costs a time-out', () => {
  expect(leadsMs([100, 200, 100], 2_000)).toEqual([2_400, 2_300, 2_100]);
  expect(leadsMs([], 2_000)).toEqual([]);
});
