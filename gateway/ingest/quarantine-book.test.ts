import { expect, test } from 'vitest';
import { mostShelves, QuarantineBook, quarantineEntry } from './quarantine-book.ts';

const limits = { entriesPerDevice: 2, bytesPerDevice: 100, bytesInAll: 1_000_000 };
const from = (device: string, text: string) =>
  quarantineEntry({ site: 'keihin', device, topic: 't', receivedAt: 1 }, Buffer.from(text), [
    { code: 'schema', path: '', detail: '' },
  ]);

test('a full shelf turns away its own device and nobody else', () => {
  const book = new QuarantineBook(limits);
  expect(['a', 'b', 'a', 'c'].map((text) => book.admit(from('pi-1', text)))).toEqual([
    'new',
    'new',
    'known',
    'full',
  ]);
  expect(book.admit(from('pi-2', 'a'))).toBe('new');
  expect(book.totals()).toMatchObject({ entries: 3, bytes: 3, fullFor: ['keihin/pi-1'] });
});

test('names without end do not fill the memory; those who are known go on', () => {
  const book = new QuarantineBook(limits);
  for (let number = 0; number < mostShelves; number += 1)
    expect(book.admit(from(`pi-${number}`, 'a'))).toBe('new');
  expect(book.admit(from('one-more', 'a'))).toBe('full');
  expect(book.admit(from('pi-7', 'b'))).toBe('new');
  expect(book.totals().entries).toBe(mostShelves + 1);
});
