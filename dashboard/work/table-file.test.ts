import { expect, test } from 'vitest';
import { readTableFile } from './table-file.ts';

test('a chosen table is read as it is; none, or one too large, is said to be so', async () => {
  const text = 'meter,time,wh,by\n';
  expect(await readTableFile(new Blob([text]))).toEqual({ kind: 'table', text });
  expect(await readTableFile(undefined)).toEqual({ kind: 'missing' });
  expect(await readTableFile(new Blob(['x'.repeat(512 * 1024 + 1)]))).toEqual({
    kind: 'too-large',
  });
});

test('a file that is gone by then is unreadable', async () => {
  const gone = new Blob(['abc']);
  gone.text = () => Promise.reject(new Error('NotReadableError'));
  expect(await readTableFile(gone)).toEqual({ kind: 'unreadable' });
});
