import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a replacement is called until it is complete; a leftover means nothing and may be removed. */
export const unfinishedSuffix = '.next';

/** Replaces a file so that a power cut leaves the old or the new one, never a torn one. Rejects when the disk does. */
export async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  const next = `${path}${unfinishedSuffix}`;
  await withFile(next, 'w', async (file) => {
    await file.writeFile(content);
    await file.sync();
  });
  await rename(next, path);
  await syncFolder(dirname(path));
}

/** The same at once, for what must be on disk before the next step. Throws when the disk does. */
export function replaceFileSync(path: string, content: string | Buffer): void {
  const next = `${path}${unfinishedSuffix}`;
  const file = openSync(next, 'w');
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Makes created, renamed and removed names of a folder durable. */
export function syncFolder(path: string): Promise<void> {
  return withFile(path, 'r', (file) => file.sync());
}

/** Makes the content of a file durable, whoever wrote it. */
export function syncFile(path: string): Promise<void> {
  return withFile(path, 'r+', (file) => file.datasync());
}

async function withFile(
  path: string,
  flags: string,
  use: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
