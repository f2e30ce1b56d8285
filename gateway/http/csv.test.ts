import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, japanTime, textCell } from './csv.ts';

/** Reads one record of RFC 4180 back, sign by sign. */
function cellsOf(line: string): string[] {
  const cells = [''];
  let quoted = false;
  const record = line.slice(0, -2);
  for (let index = 0; index < record.length; index += 1) {
    const sign = record.charAt(index);
    if (sign === ',' && !quoted) cells.push('');
    else if (sign !== '"') cells.push(`${cells.pop() ?? ''}${sign}`);
    else if (quoted && record.charAt(index + 1) === '"') {
      cells.push(`${cells.pop() ?? ''}"`);
      index += 1;
    } else quoted = !quoted;
  }
  return cells;
}

test('whatever a person wrote comes back as it was, and begins no formula', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[\s]?[=+\-@＝][^]{0,10}$/),
    fc.constantFrom('=1+1', '+81', '-2', '@SUM(A1)', '\t=1', ' =1', '＝1', '"', ',', '\r\n'),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (texts) => {
      const cells = cellsOf(csvLine(texts.map(textCell)));
      expect(cells).toHaveLength(texts.length);
      for (const [index, text] of texts.entries()) {
        expect(cells[index]?.replace(/^'/, '')).toBe(text.replace(/^'/, ''));
        expect(cells[index]).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }
    }),
  );
});

test('numbers stay numbers, a null is nothing, times are Japan’s', () => {
  expect(csvLine([-0.5, null, 'a'])).toBe('-0.5,,a\r\n');
  expect(japanTime(0)).toBe('1970-01-01T09:00:00.000+09:00');
});
