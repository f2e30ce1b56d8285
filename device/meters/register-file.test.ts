import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRegister, saveRegister } from './register-file.ts';

const saved = {
  register: { wh: 1_234_567, remainder: 1, per: 3 },
  pulses: 42,
  asOfMs: 1_775_001_600_000,
};

async function file(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), 'kadoru-register-')), 'registers', 'pv-1.json');
}

test('what was saved is loaded, and no half-written file is left beside it', async () => {
  const path = await file();
  expect(await loadRegister(path)).toBeUndefined();
  await saveRegister(path, saved);
  await saveRegister(path, { ...saved, pulses: 43 });
  expect(await loadRegister(path)).toEqual({ ...saved, pulses: 43 });
  expect(await readdir(dirname(path))).toEqual(['pv-1.json']);
});

test('a torn write beside the register does not matter', async () => {
  const path = await file();
  await saveRegister(path, saved);
  await writeFile(`${path}.next`, '{"version":1,"wh":99');
  expect(await loadRegister(path)).toEqual(saved);
});

test('a file that is no register is refused with the way out; energy is not guessed', async () => {
  const path = await file();
  await saveRegister(path, saved);
  for (const text of [
    '',
    '{',
    '{"version":2}',
    '{"version":1,"wh":-1,"remainder":0,"per":1,"pulses":0,"asOfMs":0}',
  ]) {
    await writeFile(path, text);
    await expect(loadRegister(path)).rejects.toThrow('Read the meter display');
  }
});
