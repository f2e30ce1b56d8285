import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  draftAt,
  fill,
  framesOf,
  openSpool,
  stampAt,
  textsOf,
} from '../../device/spool/disk/testing-spool.ts';
import { mayMount, SmallDisk } from './small-disk.ts';

function smallDisk(size: string): SmallDisk {
  const disk = new SmallDisk(size);
  onTestFinished(() => disk.end());
  return disk;
}

/** Which of 1 to `count` frames of the first reading value are neither here nor reported. */
function unexplained(frames: ReturnType<typeof framesOf>, streams: ReadonlySet<string>): string[] {
  const held = new Set(frames.map(({ stream, seq }) => `${stream} ${seq}`));
  const reports = frames.flatMap(({ events }) => events);
  return [...streams].flatMap((stream) => {
    const highest = Math.max(...frames.filter((f) => f.stream === stream).map(({ seq }) => seq), 0);
    return Array.from({ length: highest }, (_, index) => index + 1)
      .filter(
        (seq) =>
          !held.has(`${stream} ${seq}`) &&
          !reports.some(
            (event) =>
              event['stream'] === stream &&
              Number(event['firstSeq']) <= seq &&
              seq <= Number(event['lastSeq']),
          ),
      )
      .map((seq) => `${stream} ${seq}`);
  });
}

const suite = mayMount ? describe : describe.skip;
suite(`a disk that refuses${mayMount ? '' : ' [skipped: needs root, to mount a tmpfs]'}`, () => {
  test('full: frames stay in bounded memory, what is dropped is reported, and room brings it back', async () => {
    const disk = smallDisk('400k');
    const ballast = join(disk.path, 'somebody-elses');
    writeFileSync(ballast, Buffer.alloc(250_000));
    const folder = join(disk.path, 'spool');
    const spool = await openSpool(folder, { memoryBytes: 100_000 });
    fill(spool, 2_000);
    const { fault, dropped, frames } = spool.stats();
    expect(fault).toContain('the disk is full: free some space');
    expect(dropped).toBeGreaterThan(0);
    expect(frames + dropped).toBe(2_000);
    // Live goes on: the newest frame can be sent.
    expect(spool.read(spool.next - 1, 1, Infinity)).toHaveLength(1);
    rmSync(ballast);
    fill(spool, 10, 3_000_000);
    await spool.sync();
    expect(spool.stats().fault).toBeUndefined();
    expect(spool.stats().dropped).toBe(dropped);
    const found = framesOf(spool);
    expect(unexplained(found, new Set(found.map(({ stream }) => stream)))).toEqual([]);
    const texts = textsOf(spool);
    await spool.close();
    const again = await openSpool(folder);
    expect(again.ending).toBe('clean');
    expect(textsOf(again)).toEqual(texts);
    await again.close();
  });

  test('read-only at the start: what is there is sent, new frames stay in memory, and writing comes back', async () => {
    const disk = smallDisk('2m');
    const folder = join(disk.path, 'spool');
    const before = await openSpool(folder);
    fill(before, 50);
    const old = textsOf(before);
    await before.close();
    disk.remount('ro');
    const spool = await openSpool(folder);
    fill(spool, 50, 100_000);
    expect(spool.stats().fault).toContain('the disk is read-only');
    expect(textsOf(spool).slice(0, 50)).toEqual(old);
    expect(textsOf(spool)).toHaveLength(100);
    await spool.sync();
    disk.remount('rw');
    fill(spool, 1, 200_000);
    await spool.sync();
    expect(spool.stats()).toMatchObject({ frames: 101, dropped: 0 });
    expect(spool.stats().fault).toBeUndefined();
    const texts = textsOf(spool);
    await spool.close();
    const again = await openSpool(folder);
    expect(textsOf(again)).toEqual(texts);
    // Two streams: the numbers of the first could not be reserved while the disk was read-only.
    expect(new Set(framesOf(again).map(({ stream }) => stream)).size).toBe(2);
    await again.close();
  });

  test('full while frames wait for the clock: they wait in memory, and get their stamps', async () => {
    const disk = smallDisk('100k');
    writeFileSync(join(disk.path, 'somebody-elses'), Buffer.alloc(60_000));
    const spool = await openSpool(join(disk.path, 'spool'), { memoryBytes: 1_000_000 });
    for (let index = 1; index <= 500; index += 1) spool.append(draftAt(index * 1_000));
    expect(spool.stats().fault).toContain('the disk is full');
    expect(spool.stamp(stampAt)).toBe(500);
    expect(framesOf(spool).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
    await spool.close();
  });
});

test('a folder that cannot be made: frames stay in memory until it can', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'kadoru-spool-'));
  const data = join(parent, 'data');
  writeFileSync(data, 'a file where the folder should be');
  const folder = join(data, 'spool');
  const spool = await openSpool(folder);
  fill(spool, 5);
  expect(spool.stats().fault).toContain('ENOTDIR');
  expect(framesOf(spool)).toHaveLength(5);
  rmSync(data);
  fill(spool, 1, 10_000);
  await spool.sync();
  expect(spool.stats().fault).toBeUndefined();
  const texts = textsOf(spool);
  await spool.close();
  const again = await openSpool(folder);
  expect(textsOf(again)).toEqual(texts);
  await again.close();
});

test('a folder that others filled since the start is left alone', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'kadoru-spool-'));
  const data = join(parent, 'data');
  writeFileSync(data, 'not mounted yet');
  const spool = await openSpool(join(data, 'spool'));
  fill(spool, 5);
  rmSync(data);
  mkdirSync(join(data, 'spool'), { recursive: true });
  fill(spool, 5, 10_000);
  expect(spool.stats().fault).toContain('restart this program');
  expect(framesOf(spool)).toHaveLength(10);
  await spool.close();
});
