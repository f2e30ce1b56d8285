import { expect, test } from 'vitest';
import { hashPhoto } from './photo.ts';

test('a photograph becomes its SHA-256', async () => {
  // FIPS 180-2, appendix B.1.
  expect(await hashPhoto(new Blob(['abc']))).toEqual({
    kind: 'hash',
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
});

test('a file that cannot be read has no hash', async () => {
  const gone = new Blob(['abc']);
  gone.arrayBuffer = () => Promise.reject(new Error('NotReadableError'));
  expect(await hashPhoto(gone)).toEqual({ kind: 'unreadable' });
});

test('what is no photograph by its size is not read', async () => {
  const large = new Blob([]);
  Object.defineProperty(large, 'size', { value: 65 * 1024 * 1024 });
  expect(await hashPhoto(large)).toEqual({ kind: 'too-large' });
});
