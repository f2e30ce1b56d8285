import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostMs, nanoseconds, toLine } from './line.ts';
import { within } from './ql.ts';

test('milliseconds as nanoseconds, exact in the whole range', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -mostMs, max: mostMs }),
      fc.nat({ max: 999_999 }),
      (ms, offset) => {
        expect(BigInt(nanoseconds(ms, offset))).toBe(BigInt(ms) * 1_000_000n + BigInt(offset));
      },
    ),
  );
});

test('a point with every kind of field', () => {
  const line = toLine({
    measurement: 'my point',
    tags: [['site', 'keihin']],
    fields: [
      ['a b', { float: 1e21 }],
      ['wh', { integer: Number.MAX_SAFE_INTEGER }],
      ['text', { text: 'say "no" \\' }],
      ['flag', { flag: true }],
    ],
    timeNs: nanoseconds(5),
  });
  const fields = 'a\\ b=1e+21,wh=9007199254740991i,text="say \\"no\\" \\\\",flag=true';
  expect(line).toBe(`my\\ point,site=keihin ${fields} 5000000`);
});

test('spans beyond what the server holds are brought to what it can', () => {
  expect(within({ from: 0, to: Number.MAX_SAFE_INTEGER })).toBe(
    `time >= 0ms AND time < ${mostMs - 1}ms`,
  );
});
