import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeRecord } from './record.ts';
import { fill, filesOf, framesOf, openSpool, snapshot, spoolFolder } from './testing-spool.ts';

/** Changes one byte of a record of the first file; answers the damaged file. */
function damage(folder: string, text: string): Buffer {
  const path = join(folder, filesOf(folder, '.frames')[0] ?? '');
  const bytes = readFileSync(path);
  bytes.writeUInt8(0x20, bytes.indexOf(text) + 1);
  writeFileSync(path, bytes);
  return bytes;
}

test('a report that no frame carries yet is not lost with the process', async () => {
  const folder = spoolFolder();
  const spool = await openSpool(folder);
  fill(spool, 20);
  damage(folder, '"seq":7,');
  expect(framesOf(spool)).toHaveLength(19);
  const again = await openSpool(snapshot(folder));
  fill(again, 1, 30_000);
  expect(framesOf(again).at(-1)?.events).toMatchObject([
    { kind: 'corrupt', firstSeq: 7, lastSeq: 7 },
    { kind: 'skipped' },
  ]);
  await Promise.all([spool.close(), again.close()]);
});

test('a torn last record is cut, a damaged one is skipped, reported, and its file kept for people', async () => {
  const folder = spoolFolder();
  const spool = await openSpool(folder);
  fill(spool, 20);
  await spool.close();
  const path = join(folder, filesOf(folder, '.frames')[0] ?? '');
  const bytes = damage(folder, '"seq":7,');
  appendFileSync(path, encodeRecord('F', 21, '{}').subarray(0, -3));
  const again = await openSpool(folder);
  expect(framesOf(again).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 8, ...range(9, 20)]);
  expect(again.stats().corrupt).toBe(1);
  expect(filesOf(folder, '.corrupt')).toHaveLength(1);
  const aside = readFileSync(join(folder, filesOf(folder, '.corrupt')[0] ?? ''));
  expect(aside.subarray(0, bytes.length)).toEqual(bytes);
  fill(again, 1, 30_000);
  expect(framesOf(again).at(-1)).toMatchObject({
    seq: 21,
    events: [{ kind: 'corrupt', firstSeq: 7, lastSeq: 7, count: 1 }],
  });
  await again.close();
  const third = await openSpool(folder);
  expect(third.stats()).toMatchObject({ frames: 20, corrupt: 0 });
  await third.close();
});

test('damage that comes while the program runs is found when the frame is read', async () => {
  const folder = spoolFolder();
  const spool = await openSpool(folder);
  fill(spool, 20);
  damage(folder, '"seq":7,');
  expect(framesOf(spool).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 8, ...range(9, 20)]);
  fill(spool, 1, 30_000);
  expect(framesOf(spool).at(-1)?.events).toMatchObject([
    { kind: 'corrupt', firstSeq: 7, lastSeq: 7 },
  ]);
  await spool.close();
});

test('newest records that a clean stop had written and that are gone are reported', async () => {
  const folder = spoolFolder();
  const spool = await openSpool(folder);
  fill(spool, 20);
  await spool.close();
  const path = join(folder, filesOf(folder, '.frames')[0] ?? '');
  truncateSync(path, readFileSync(path).indexOf('"seq":18,'));
  const again = await openSpool(folder);
  fill(again, 1, 30_000);
  expect(framesOf(again).at(-1)).toMatchObject({
    seq: 21,
    events: [{ kind: 'corrupt', firstSeq: 18, lastSeq: 20 }],
  });
  await again.close();
});

test('a lost identity starts a new stream; what is held keeps its own', async () => {
  const folder = spoolFolder();
  const spool = await openSpool(folder);
  fill(spool, 3);
  await spool.close();
  writeFileSync(join(folder, 'stream'), 'nonsense');
  const again = await openSpool(folder);
  fill(again, 2, 10_000);
  const frames = framesOf(again);
  expect(frames.map(({ seq }) => seq)).toEqual([1, 2, 3, 1, 2]);
  expect(again.locate(frames[0]?.stream ?? '', 1, 3)).toEqual({ first: 1, last: 3 });
  await again.close();
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

test('a last record whose line feed is damaged is a loss, in a file that others follow and while the program runs', async () => {
  for (const when of ['running', 'stopped'] as const) {
    const folder = spoolFolder();
    const spool = await openSpool(folder, { maxBytes: 60_000 });
    fill(spool, 40);
    const path = join(folder, filesOf(folder, '.frames')[0] ?? '');
    if (when === 'stopped') await spool.close();
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = 0;
    writeFileSync(path, bytes);
    const again = when === 'stopped' ? await openSpool(folder, { maxBytes: 60_000 }) : spool;
    const before = framesOf(again).map(({ seq }) => seq);
    const [lost = 0] = Array.from({ length: 40 }, (_, index) => index + 1).filter(
      (seq) => !before.includes(seq),
    );
    expect(before).toHaveLength(39);
    fill(again, 1, 1_000_000);
    const events = framesOf(again).at(-1)?.events ?? [];
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'corrupt', firstSeq: lost, lastSeq: lost, count: 1 }),
    );
    await again.close();
  }
});
