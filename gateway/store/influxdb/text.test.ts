import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTag, decodeText, encodeTag, encodeText, pieces } from './text.ts';

/** Every code unit there is: control characters and halves of surrogate pairs, too. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('json:', 'json:"a"', '%', '%0041', '圧力\u0000', '\ud800', 'a\nb'),
);

test('any text comes back, and what is stored is whole UTF-8 in one line', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const stored = encodeText(text);
      expect(decodeText(stored)).toBe(text);
      expect(Buffer.from(stored, 'utf8').toString('utf8')).toBe(stored);
      expect(stored).not.toMatch(/[\n\r\0]/);
    }),
  );
});

test('ordinary text stays as it is', () => {
  for (const text of ['k3f9', '京浜島カードル1号', '"quoted" \\ and, so = on', ''])
    expect(encodeText(text)).toBe(text);
});

test('any text is a tag that needs no escape, and comes back; ids stay as they are', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(encodeTag(text)).toMatch(/^[A-Za-z0-9_./:%-]+$/);
      expect(decodeTag(encodeTag(text))).toBe(text);
    }),
  );
  expect(encodeTag('keihin/pack-1')).toBe('keihin/pack-1');
});

test('pieces join to the text, fit into a field and cut no character', () => {
  const unit = fc.constantFrom('a', 'あ', '😀', '"');
  const long = fc.tuple(unit, unit, fc.nat({ max: 50_000 }));
  fc.assert(
    fc.property(long, ([first, rest, count]) => {
      const text = first + rest.repeat(count);
      const cut = pieces(text);
      expect(cut.join('')).toBe(text);
      expect(cut.length).toBeGreaterThan(0);
      for (const piece of cut) {
        expect(Buffer.byteLength(piece)).toBeLessThan(64 * 1024);
        expect(Buffer.from(piece, 'utf8').toString('utf8')).toBe(piece);
      }
    }),
    { numRuns: 30 },
  );
});
