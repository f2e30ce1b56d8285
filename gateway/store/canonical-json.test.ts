import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { StoreError } from './port.ts';

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  return Object.fromEntries(entries.toReversed().map(([key, field]) => [key, reversed(field)]));
}

test('property: JSON with the same content, and the same text however the keys are ordered', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 }), (value) => {
      const text = canonicalJson(value, 'body');
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value), 'body')).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test('property: other content is other text', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (one, other) => {
      const same = canonicalJson(one, 'body') === canonicalJson(other, 'body');
      if (same) expect(JSON.parse(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(other)));
    }),
    { numRuns: 500 },
  );
});

test('keys in code unit order, nothing between, undefined keys left out', () => {
  const value = { b: [1, { d: null, c: 'x\u0000' }], a: undefined, '10': true, '9': -0 };
  expect(canonicalJson(value, 'body')).toBe('{"10":true,"9":0,"b":[1,{"c":"x\\u0000","d":null}]}');
});

const cycle: Record<string, unknown> = {};
cycle['again'] = cycle;
const refusals: readonly (readonly [string, unknown, string])[] = [
  ['a number that is none', { kg: [1, Number.NaN] }, 'body.kg.1 is NaN'],
  ['infinity', { kg: Number.NEGATIVE_INFINITY }, 'body.kg is -Infinity'],
  ['a date', { when: new Date(0) }, 'body.when is [object Date]'],
  ['a map', { rows: new Map([[1, 2]]) }, 'body.rows is [object Map]'],
  ['a bigint', { wh: 1n }, 'body.wh is [object BigInt]'],
  ['undefined in a list', [undefined], 'body.0 is [object Undefined]'],
  ['a hole in a list', Array(1), 'body.0 is'],
  ['a cycle', cycle, 'nested more than 64 levels'],
];
test.each(refusals)('%s is refused and the place named', (_, value, said) => {
  const attempt = () => canonicalJson(value, 'body');
  expect(attempt).toThrow(StoreError);
  expect(attempt).toThrow(said);
});
