import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, utf8Mark } from './csv.ts';
import { readTable } from './csv-table.ts';

const columns = { needed: ['a', 'b'], optional: ['c'] };

test('whatever is written as CSV is read back, with the numbers of its rows', () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('"', ',', '\r\n', '""', 'a"b,c'));
  const full = fc.tuple(cell, cell).filter((cells) => cells.some((text) => text.trim() !== ''));
  fc.assert(
    fc.property(fc.array(full, { maxLength: 5 }), fc.boolean(), (rows, marked) => {
      const text = `${marked ? utf8Mark : ''}${csvLine(['a', 'b'])}${rows.map(csvLine).join('')}`;
      const expected = rows.map(([a, b], index) => ({ row: index + 2, cells: { a, b } }));
      expect(readTable(text, columns, 10)).toMatchObject({ ok: true, rows: expected });
    }),
  );
});

test('columns come in any order, empty lines are passed over, and rows keep their numbers', () => {
  const text = 'b,a\n\n1,2\n';
  expect(readTable(text, columns, 10)).toMatchObject({
    ok: true,
    rows: [{ row: 3, cells: { a: '2', b: '1' } }],
  });
});

test('any text is read or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', '\r') }), (text) => {
      expect(typeof readTable(text, columns, 3).ok).toBe('boolean');
    }),
  );
  expect(readTable('a,b\n1,2\n3,4', columns, 1)).toMatchObject({ ok: false });
});
