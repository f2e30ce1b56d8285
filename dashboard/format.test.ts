import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  alarmFigure,
  energyText,
  fixed,
  flowText,
  flowUncertaintyText,
  hoursText,
  japanClock,
  japanDate,
  japanMinute,
  japanMoment,
  massText,
  massUncertaintyText,
  powerAmount,
  pressureText,
  registerText,
} from './format.ts';

test('figures carry the decimals their uncertainty allows', () => {
  expect(pressureText(12.3456)).toBe('12.346');
  expect(massText(20.411)).toBe('20.4');
  expect(energyText(12_345)).toBe('12.35');
  expect(registerText(1_234_567)).toBe('1,234.567');
});

test('negative values have a minus sign, zero has none', () => {
  expect(fixed(-12.34, 1)).toBe('−12.3');
  expect(fixed(-0.01, 1)).toBe('0.0');
});

test('power changes unit where the rounded watts would need four digits', () => {
  expect(powerAmount(999.4)).toEqual({ value: '999', unit: 'W' });
  expect(powerAmount(999.6)).toEqual({ value: '1.00', unit: 'kW' });
  expect(powerAmount(-3_420)).toEqual({ value: '−3.42', unit: 'kW' });
});

test('an uncertainty is never rounded down', () => {
  expect(massUncertaintyText(0.3)).toBe('0.3');
  expect(massUncertaintyText(0.31)).toBe('0.4');
  fc.assert(
    fc.property(fc.double({ min: 0, max: 50, noNaN: true }), (massKg) => {
      expect(Number(massUncertaintyText(massKg))).toBeGreaterThanOrEqual(massKg - 1e-9);
    }),
  );
});

test('times are Japan times, whatever the machine thinks', () => {
  const newYear = Date.parse('2026-01-01T00:00:05+09:00');
  expect(japanDate(newYear)).toBe('2026-01-01');
  expect(japanClock(newYear)).toBe('00:00:05');
  expect(japanMinute(newYear)).toBe('00:00');
  expect(japanMoment(newYear - 10_000, newYear)).toBe('2025-12-31 23:59:55');
  expect(japanMoment(newYear, newYear + 1_000)).toBe('00:00:05');
});

test('the Japan calendar agrees with the time zone database since 1952', () => {
  const oracle = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Asia/Tokyo',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const range = { min: Date.parse('1952-01-01T00:00Z'), max: Date.parse('2100-01-01T00:00Z') };
  fc.assert(
    fc.property(fc.integer(range), (atMs) => {
      expect(`${japanDate(atMs)} ${japanClock(atMs)}`).toBe(oracle.format(atMs));
    }),
  );
});

test('a time outside the calendar is a dash, not a crash', () => {
  expect(japanMoment(9e15, 0)).toBe('— —');
});

test('the ends of a range are rounded outwards, and far hours need no tenths', () => {
  expect([hoursText(18.74), hoursText(18.77, 'down'), hoursText(18.71, 'up')]).toEqual([
    '18.7',
    '18.7',
    '18.8',
  ]);
  expect([hoursText(120.4), hoursText(120.6, 'down'), hoursText(120.1, 'up')]).toEqual([
    '120',
    '120',
    '121',
  ]);
  const hours = fc.double({ min: 0, max: 999, noNaN: true });
  fc.assert(
    fc.property(hours, (value) => {
      expect(Number(hoursText(value, 'down'))).toBeLessThanOrEqual(value + 1e-8);
      expect(Number(hoursText(value, 'up'))).toBeGreaterThanOrEqual(value - 1e-8);
    }),
  );
});

test('a flow and its uncertainty have two decimals', () => {
  expect([flowText(0.541), flowUncertaintyText(0.041)]).toEqual(['0.54', '0.05']);
});

test('a figure of an alarm has the decimals of its unit', () => {
  expect([
    alarmFigure(1.2909780782692508, 'MPa'),
    alarmFigure(35, 'degC'),
    alarmFigure(20.775, 'kg'),
    alarmFigure(3, 'cylinders'),
    alarmFigure(0.12345, ''),
  ]).toEqual(['1.29 MPa', '35.0 °C', '20.8 kg', '3 cylinders', '0.123']);
});
