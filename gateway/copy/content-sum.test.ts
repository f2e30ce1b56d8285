import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ContentSum } from './content-sum.ts';

function sumOf(texts: readonly string[]): ContentSum {
  const sum = new ContentSum();
  for (const text of texts) sum.add(text);
  return sum;
}

test('the digest of one text is what SHA-256 says of it', () => {
  // FIPS 180-2, appendix B.1: SHA-256 of "abc".
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(sumOf(['abc']).checksum).toBe(digest.slice(0, 48));
});

test('property: any order is the same; one text more, less or other is not', () => {
  const texts = fc.array(fc.string(), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      texts.chain((list) =>
        fc.record({
          list: fc.constant(list),
          shuffled: fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
          at: fc.nat({ max: list.length - 1 }),
        }),
      ),
      ({ list, shuffled, at }) => {
        const sum = sumOf(list);
        expect(sumOf(shuffled)).toMatchObject({ count: sum.count, checksum: sum.checksum });
        const others = [
          list.toSpliced(at, 1),
          [...list, list[at] ?? ''],
          list.with(at, `${list[at]}.`),
        ];
        for (const other of others) expect(sumOf(other).checksum).not.toBe(sum.checksum);
      },
    ),
  );
});
