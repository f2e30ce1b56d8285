import fc from 'fast-check';
import { expect, test } from 'vitest';
import { edgeArguments, gpiodMajor, levelArguments, parseEdge, parseLevel } from './gpiod.ts';

test('the version decides, and one that is not known is not guessed', () => {
  expect(gpiodMajor('gpiomon (libgpiod) v1.6.3\nCopyright (C) 2017-2018')).toBe(1);
  expect(gpiodMajor('gpiomon (libgpiod) v2.2.1\n')).toBe(2);
  for (const other of ['gpiomon (libgpiod) v3.0', 'gpiomon', '', 'v1.6'])
    expect(gpiodMajor(other)).toBeUndefined();
});

test('either version gets its own options', () => {
  const watched = { pin: 17, pull: 'up' } as const;
  expect(levelArguments(1, '/dev/gpiochip0', watched).join(' ')).toBe(
    '-B pull-up /dev/gpiochip0 17',
  );
  expect(levelArguments(2, '/dev/gpiochip0', watched).join(' ')).toBe(
    '-c /dev/gpiochip0 -b pull-up --numeric 17',
  );
  expect(edgeArguments(1, '/dev/gpiochip0', { pin: 4, pull: 'none' }).join(' ')).toBe(
    '-b -B disable -F %o %e %s %n /dev/gpiochip0 4',
  );
  expect(edgeArguments(2, '/dev/gpiochip0', { pin: 4, pull: 'none' }).join(' ')).toBe(
    '-c /dev/gpiochip0 -b disabled -e both -E monotonic -F %o %E %S 4',
  );
});

test('an edge is read to the nanosecond, whether version 1 pads or not', () => {
  expect(parseEdge(1, '17 0 1234 5000000')).toEqual({ pin: 17, level: 0, kernelMs: 1_234_005 });
  expect(parseEdge(1, '17 1 1234 005000000')).toEqual({ pin: 17, level: 1, kernelMs: 1_234_005 });
  expect(parseEdge(2, '17 falling 1234.005000000')).toEqual({
    pin: 17,
    level: 0,
    kernelMs: 1_234_005,
  });
  expect(parseEdge(2, '4 rising 0.000001000')).toEqual({ pin: 4, level: 1, kernelMs: 0.001 });
});

test('whatever else is printed is no edge and no level', () => {
  const others = [
    '',
    '17 2 1 1',
    '17 rising 1.5',
    'event: RISING EDGE offset: 17',
    '17 0 1',
    '1e3',
  ];
  for (const major of [1, 2] as const) {
    for (const other of others) expect(parseEdge(major, other), other).toBeUndefined();
    // What belongs to the other version is as foreign as noise.
    expect(parseEdge(major, major === 1 ? '4 rising 1.000000000' : '4 1 1 0')).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const edge = parseEdge(major, text);
        expect(edge === undefined || Number.isFinite(edge.kernelMs)).toBe(true);
      }),
    );
  }
  expect([parseLevel('1\n'), parseLevel('0'), parseLevel('"17"=active'), parseLevel('')]).toEqual([
    1,
    0,
    undefined,
    undefined,
  ]);
});
