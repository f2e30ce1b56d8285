import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAds1115 } from './ads1115.ts';

type Volts = [number, number, number, number];

function bench(volts: Volts = [0, 0, 0, 0]) {
  const state = { nowMs: 0, volts, present: true };
  const chip = createAds1115({
    nowMs: () => state.nowMs,
    inputVolts: (pin) => state.volts[pin],
    present: () => state.present,
  });
  const write = (...bytes: number[]) => {
    chip.start();
    for (const byte of bytes) chip.write(byte);
  };
  const read = (register: number): number => {
    write(register);
    chip.start();
    return chip.read() * 256 + chip.read();
  };
  const configure = (value: number) => write(1, value >> 8, value & 0xff);
  const waitMs = (ms: number) => {
    state.nowMs += ms;
    chip.advance();
  };
  const counts = (): number => (read(0) << 16) >> 16;
  return { state, chip, write, read, configure, waitMs, counts };
}

const start = 0x8000;
const singleShot = 0x0100;
const slow = 0;
const fast = 7 << 5;
const mux = (value: number) => value << 12;
const gain = (value: number) => value << 9;

test('power-up values', () => {
  const { read } = bench();
  expect([0, 1, 2, 3].map(read)).toEqual([0x0000, 0x8583, 0x8000, 0x7fff]);
});

test('the threshold registers store, the conversion register does not', () => {
  const { write, read } = bench();
  for (const register of [0, 2, 3]) write(register, 0x12, 0x34);
  expect([0, 2, 3].map(read)).toEqual([0, 0x1234, 0x1234]);
});

test('a write that is cut off after one data byte changes nothing; the pointer stays', () => {
  const { write, read, chip } = bench();
  write(2, 0x12);
  expect(read(2)).toBe(0x8000);
  chip.start();
  expect([chip.read(), chip.read(), chip.read()]).toEqual([0x80, 0x00, 0xff]);
});

test.each([8, 16, 32, 64, 128, 250, 475, 860].map((rate, code) => [rate, code] as const))(
  'at %i samples a second the OS bit comes back after one period',
  (rate, code) => {
    const { configure, waitMs, read } = bench([1, 0, 0, 0]);
    configure(start | singleShot | mux(4) | gain(1) | (code << 5));
    expect(read(1) & 0x8000).toBe(0);
    waitMs(1000 / rate);
    expect(read(1) & 0x8000).toBe(0);
    waitMs(0.03);
    expect(read(1) & 0x8000).toBe(0x8000);
    expect(read(0)).toBe(8000);
  },
);

const oneVolt = 0x8000 / 6.144;
test.each([
  [0, 1 - 2],
  [1, 1 - 4],
  [2, 2 - 4],
  [3, 3.5 - 4],
  [4, 1],
  [5, 2],
  [6, 3.5],
  [7, 4],
])('multiplexer setting %i', (setting, volts) => {
  const { configure, waitMs, counts } = bench([1, 2, 3.5, 4]);
  configure(start | singleShot | mux(setting) | gain(0) | fast);
  waitMs(2);
  expect(counts()).toBe(Math.round(volts * oneVolt));
});

const scales = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];

test('every gain gives two’s complement within half a count, clamped at full scale', () => {
  const settings = fc.nat(7);
  const microvolts = fc.integer({ min: -300_000, max: 5_300_000 });
  fc.assert(
    fc.property(settings, microvolts, microvolts, (code, positive, negative) => {
      const { configure, waitMs, counts } = bench([positive / 1e6, negative / 1e6, 0, 0]);
      configure(start | singleShot | mux(0) | gain(code) | fast);
      waitMs(2);
      const exact = ((positive - negative) / 1e6 / (scales[code] ?? 0)) * 0x8000;
      const expected = Math.min(Math.max(exact, -0x8000), 0x7fff);
      expect(Math.abs(counts() - expected)).toBeLessThanOrEqual(0.5 + 1e-9);
    }),
  );
});

test('an input beyond the supply is held by the protection diodes', () => {
  const { configure, waitMs, counts } = bench([24, 0, 0, 0]);
  configure(start | singleShot | mux(4) | gain(0) | fast);
  waitMs(2);
  expect(counts()).toBe(Math.round(5.3 * oneVolt));
});

test('a start during a conversion has no effect on it', () => {
  const { configure, waitMs, read, counts } = bench([1, 2, 0, 0]);
  configure(start | singleShot | mux(4) | gain(0) | slow);
  waitMs(60);
  configure(start | singleShot | mux(5) | gain(0) | slow);
  waitMs(66);
  expect(read(1) & 0x8000).toBe(0x8000);
  expect(counts()).toBe(Math.round(oneVolt));
});

test('continuous mode follows the input, and a new setting holds from the next conversion', () => {
  const { state, configure, waitMs, counts } = bench([1, 2, 0, 0]);
  configure(mux(4) | gain(0) | fast);
  waitMs(2);
  expect(counts()).toBe(Math.round(oneVolt));
  state.volts = [-0.001, 2, 0, 0];
  waitMs(2);
  expect(counts()).toBe(Math.round(-0.001 * oneVolt));
  configure(mux(5) | gain(0) | fast);
  expect(counts()).toBe(Math.round(-0.001 * oneVolt));
  waitMs(3);
  expect(counts()).toBe(Math.round(2 * oneVolt));
});

test('a chip that was pulled out comes back as after power-up', () => {
  const { state, chip, configure, waitMs, read } = bench([1, 0, 0, 0]);
  configure(mux(4) | gain(0) | fast);
  waitMs(2);
  state.present = false;
  expect(chip.present()).toBe(false);
  waitMs(5);
  state.present = true;
  waitMs(5);
  expect([read(1), read(0)]).toEqual([0x8583, 0]);
});

test('a world that gives no number is stopped', () => {
  const { configure, waitMs } = bench([Number.NaN, 0, 0, 0]);
  configure(start | singleShot | mux(4) | fast);
  expect(() => waitMs(2)).toThrow('ADS1115 input 0: NaN');
});
