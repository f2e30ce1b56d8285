import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommand } from './commands.ts';

test.each([
  ['cut pressure', { kind: 'loop', loop: 'pressure', state: 'cut' }],
  ['mend pressure', { kind: 'loop', loop: 'pressure', state: 'whole' }],
  ['short temperature', { kind: 'loop', loop: 'temperature', state: 'short' }],
  ['adc absent', { kind: 'adc', present: false }],
  ['adc present', { kind: 'adc', present: true }],
  ['thermometer power-up', { kind: 'thermometer', state: 'power-up' }],
  ['unplug', { kind: 'board', action: 'unplug' }],
  ['replug', { kind: 'board', action: 'replug' }],
  ['reset', { kind: 'board', action: 'reset' }],
  ['  set   pressure 12.3 ', { kind: 'set', what: 'pressure', value: 12.3 }],
  ['set temperature -10', { kind: 'set', what: 'temperature', value: -10 }],
  ['release', { kind: 'release' }],
  ['stick pressure', { kind: 'stick', loop: 'pressure' }],
  ['isolate', { kind: 'act', action: { kind: 'isolate' } }],
  ['reopen', { kind: 'act', action: { kind: 'reopen' } }],
  ['swap 12.5', { kind: 'swap', pressureMpa: 12.5 }],
  ['close 3', { kind: 'act', action: { kind: 'close-cylinders', count: 3 } }],
  ['open', { kind: 'act', action: { kind: 'open-cylinders' } }],
  ['leak 2.5', { kind: 'act', action: { kind: 'leak', nlPerMin: 2.5 } }],
  ['gauge closed', { kind: 'act', action: { kind: 'root-valve', open: false } }],
  ['gauge open', { kind: 'act', action: { kind: 'root-valve', open: true } }],
  ['pulses 500', { kind: 'pulses', count: 500 }],
  ['fuel-cell late 500', { kind: 'fuel-cell', node: { what: 'late', amount: 500 } }],
  ['truth', { kind: 'truth' }],
  ['stop', { kind: 'stop' }],
])('"%s" is understood', (line, command) => {
  expect(parseCommand(line)).toEqual(command);
});

test.each([
  ['cut', 'is no command'],
  ['cut heat', 'is no command'],
  ['fuel-cell late', 'is no command'],
  ['fuel-cell late soon', 'give a whole number from 1'],
  ['grid-meter', 'is no command'],
  ['grid-meter dance', 'is no command'],
  ['grid-meter late', 'takes 1 number'],
  ['grid-meter imported 5', 'what the household takes'],
  ['grid-meter unplug', 'is no command'],
  ['truth now', 'is no command'],
  ['set pressure', 'is no command'],
  ['set pressure high', 'give a number from 0.01 to 40 MPa gauge'],
  ['set pressure -1', 'give a number'],
  ['set temperature 90', 'from -40 to 85 degC'],
  ['isolate now', 'is no command'],
  ['stick', 'is no command'],
  ['gauge half', 'is no command'],
  ['close', 'is no command'],
  ['close 1.5', 'from 1 to 1000 cylinders, whole'],
  ['leak -1', 'from 0 to 2000 NL/min'],
  ['swap 40', 'from 0.2 to 25 MPa gauge'],
  ['pulses 1.5', 'give a whole number'],
  ['pulses 100001', 'give a whole number'],
  ['toString', 'is no command'],
  ['constructor pressure', 'is no command'],
])('"%s" is answered with what to write instead', (line, answer) => {
  expect(parseCommand(line)).toContain(answer);
});

test('no line throws', () => {
  const words = fc.constantFrom(
    'set',
    'cut',
    'pulses',
    'close',
    'swap',
    'leak',
    'pressure',
    'adc',
    'NaN',
    '1e999',
    '__proto__',
    '',
  );
  const line = fc.oneof(
    fc.string(),
    fc.array(words, { maxLength: 5 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(line, (text) => {
      const command = parseCommand(text);
      expect(typeof command === 'string' || 'kind' in command).toBe(true);
    }),
  );
});
