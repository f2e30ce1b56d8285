import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleAtMs } from '../plant/plant.sample.ts';
import {
  type Field,
  firstValues,
  instantValue,
  numberOf,
  readFields,
  timeValue,
} from './fields.ts';

const fields: readonly Field[] = [
  { name: 'serial', kind: 'text', label: 'Serial', first: 'YN-1' },
  { name: 'openCylinders', kind: 'count', label: 'Cylinders' },
  { name: 'arrival.pressureMpa', kind: 'number', label: 'Pressure' },
  { name: 'arrival.at', kind: 'time', label: 'At' },
  { name: 'outlet', kind: 'text', label: 'Outlet', optional: true },
];
const filled = {
  serial: ' YN-0142 ',
  openCylinders: '３０',
  'arrival.pressureMpa': '１９．２',
  'arrival.at': '2026-04-01T12:00',
  outlet: ' ',
};

test('what was typed becomes the request: nested, in numbers and epoch ms, without what was left empty', () => {
  expect(readFields(fields, filled)).toEqual({
    kind: 'body',
    body: {
      serial: 'YN-0142',
      openCylinders: 30,
      arrival: { pressureMpa: 19.2, at: sampleAtMs },
    },
  });
});

test('everything that is wrong is told at once, each at its field', () => {
  const wrong = { openCylinders: '2.5', 'arrival.pressureMpa': '1,5', 'arrival.at': 'noon' };
  expect(readFields(fields, wrong)).toEqual({
    kind: 'mistakes',
    mistakes: {
      serial: 'missing',
      openCylinders: 'not-a-count',
      'arrival.pressureMpa': 'not-a-number',
      'arrival.at': 'not-a-time',
    },
  });
});

test('a form begins with what is known', () => {
  expect(firstValues(fields)).toMatchObject({ serial: 'YN-1', outlet: '' });
});

test('numbers are read as people type them, and never guessed', () => {
  expect(numberOf('−3.5')).toBe(-3.5);
  expect(numberOf('10.')).toBe(10);
  for (const odd of ['', '1e3', '0x10', '1,234', '10 MPa', '--1', 'NaN', '1.2.3'])
    expect(numberOf(odd), odd).toBeUndefined();
  fc.assert(
    fc.property(fc.integer({ min: -999_999_999, max: 999_999_999 }), (thousandths) => {
      const value = thousandths / 1000;
      expect(numberOf(String(value))).toBe(value);
    }),
  );
});

test('a time offered in a form is the minute it was offered for, in Japan time', () => {
  const range = { min: Date.parse('2000-01-01T00:00Z'), max: Date.parse('2100-01-01T00:00Z') };
  fc.assert(
    fc.property(fc.integer(range), (atMs) => {
      const read = readFields([{ name: 'at', kind: 'time', label: 'At' }], { at: timeValue(atMs) });
      expect(read).toEqual({ kind: 'body', body: { at: Math.floor(atMs / 60_000) * 60_000 } });
    }),
  );
});

test('the time of a reading goes through a form to the millisecond', () => {
  const instant: readonly Field[] = [{ name: 'at', kind: 'instant', label: 'At' }];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (at) => {
      const read = readFields(instant, { at: instantValue(at) });
      expect(read).toEqual({ kind: 'body', body: { at } });
    }),
  );
});

test('energy is whole Wh, or a mistake at its field', () => {
  const energy: readonly Field[] = [{ name: 'wh', kind: 'energy', label: 'Wh' }];
  expect(readFields(energy, { wh: '0012.5 kWh' })).toEqual({ kind: 'body', body: { wh: 12_500 } });
  const mistakes = { wh: 'not-an-energy' };
  expect(readFields(energy, { wh: '12.5 Wh' })).toEqual({ kind: 'mistakes', mistakes });
});
