import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../clock/manual-clock.ts';
import { spoolSuite } from '../spool.suite.ts';
import { openDiskSpool } from './disk-spool.ts';
import { encodeRecord } from './record.ts';
import {
  draftAt,
  filesOf,
  fill,
  framesOf,
  openSpool,
  quietLog,
  snapshot,
  spoolFolder,
  stampAt,
  startAtMs,
  textsOf,
} from './testing-spool.ts';

/** Bytes of one frame of the suite on disk, about. */
const suiteFrameBytes = 170;

describe('the disk spool keeps the contract of spools', () => {
  spoolSuite(({ maxFrames }) =>
    openSpool(spoolFolder(), { maxBytes: maxFrames * suiteFrameBytes }),
  );
});

test('after a clean stop everything is there, byte for byte, and the numbers go on without a gap', async () => {
  const folder = spoolFolder();
  const first = await openSpool(folder);
  expect(first.ending).toBe('none');
  fill(first, 10);
  first.free({ first: 2, last: 4 });
  const texts = textsOf(first);
  await first.close();
  const second = await openSpool(folder);
  expect(second.ending).toBe('clean');
  expect(second.lastStamp).toEqual({ at: startAtMs + 10_000, clock: 'synced' });
  expect(textsOf(second)).toEqual(texts);
  fill(second, 1, 20_000);
  expect(framesOf(second).at(-1)).toMatchObject({ seq: 11, events: [] });
  await second.close();
});

test('after a kill everything written is there; numbers skip to the next block, and one event says so', async () => {
  const folder = spoolFolder();
  const killed = await openSpool(folder);
  fill(killed, 10);
  const copy = snapshot(folder);
  const again = await openSpool(copy);
  expect(again.ending).toBe('unclean');
  expect(textsOf(again)).toEqual(textsOf(killed));
  fill(again, 2, 20_000);
  const [first, second] = framesOf(again).slice(10);
  expect(first).toMatchObject({
    seq: 1_025,
    events: [{ kind: 'skipped', firstSeq: 11, lastSeq: 1_024, from: startAtMs + 10_000 }],
  });
  expect(second).toMatchObject({ seq: 1_026, events: [] });
  await Promise.all([killed.close(), again.close()]);
});

test('numbers that a power cut may have taken are covered by the next report as well', async () => {
  const folder = spoolFolder();
  const killed = await openSpool(folder);
  fill(killed, 5);
  const once = snapshot(folder);
  const twice = await openSpool(once);
  fill(twice, 3, 20_000);
  // The cut takes the newest file, which was never synced; the reservation was.
  const cut = snapshot(once);
  rmSync(join(cut, filesOf(cut, '.frames').at(-1) ?? ''));
  const third = await openSpool(cut);
  fill(third, 1, 40_000);
  expect(framesOf(third).at(-1)).toMatchObject({
    seq: 2_049,
    events: [{ kind: 'skipped', firstSeq: 6, lastSeq: 2_048 }],
  });
  for (const spool of [killed, twice, third]) await spool.close();
});

test('what was acknowledged stays away once synced, and files that are all acknowledged go', async () => {
  const folder = spoolFolder();
  const spool = await openSpool(folder, { maxBytes: 320_000 });
  fill(spool, 200);
  const { length } = filesOf(folder, '.frames');
  expect(length).toBeGreaterThan(2);
  spool.free({ first: 1, last: 190 });
  await spool.sync();
  expect(filesOf(folder, '.frames')).toHaveLength(1);
  const again = await openSpool(snapshot(folder));
  expect(textsOf(again)).toEqual(textsOf(spool));
  expect(again.stats().frames).toBe(10);
  await Promise.all([spool.close(), again.close()]);
});

test('frames that wait for the clock survive a kill and get the time of their own sampling', async () => {
  const folder = spoolFolder();
  const killed = await openSpool(folder, { machine: { id: 'machine-1', startMs: 50_000 } });
  for (const upMs of [1_000, 2_000, 3_000]) killed.append(draftAt(upMs));
  const copy = snapshot(folder);
  // The next process of the same start of the machine began 10 s later.
  const machine = { id: 'machine-1', startMs: 60_000 };
  const again = await openSpool(copy, { machine, boot: 'boot-2' });
  expect(again.oldestWaitingUpMs).toBe(-9_000);
  expect(again.stats().frames).toBe(3);
  expect(again.stamp(stampAt)).toBe(3);
  const frames = framesOf(again);
  expect(frames.map(({ at }) => at - startAtMs)).toEqual([-9_000, -8_000, -7_000]);
  expect(frames[0]).toMatchObject({ boot: 'boot-1', upMs: 1_000, clock: 'synced' });
  // Frozen: another process sends the same bytes, and never stamps them again.
  const third = await openSpool(snapshot(copy), { machine: { id: 'machine-2', startMs: 0 } });
  expect(textsOf(third)).toEqual(textsOf(again));
  expect(third.stamp(stampAt)).toBe(0);
  for (const spool of [killed, again, third]) await spool.close();
});

test('frames of an earlier start of the machine leave as estimated, before this start, with their own distances', async () => {
  const folder = spoolFolder();
  for (const machine of ['machine-1', 'machine-2']) {
    const spool = await openSpool(folder, { machine: { id: machine, startMs: 5_000 } });
    for (const upMs of [1_000, 4_000]) spool.append(draftAt(upMs));
    await spool.close();
  }
  const spool = await openSpool(folder, { machine: { id: 'machine-3', startMs: 7_000 } });
  spool.stamp(stampAt);
  const frames = framesOf(spool);
  expect(frames.map(({ at }) => at - startAtMs)).toEqual([
    -7_000 - 1 - 3_000 - 1 - 3_000,
    -7_000 - 1 - 3_000 - 1,
    -7_000 - 1 - 3_000,
    -7_000 - 1,
  ]);
  expect(frames.every(({ clock }) => clock === 'estimated')).toBe(true);
  expect(frames.map(({ events }) => events.length)).toEqual([1, 0, 1, 0]);
  await spool.close();
});

test('a week is thinned oldest first: the frames around every quarter of an hour stay, and every gap is explained', async () => {
  const folder = spoolFolder();
  const spool = await openSpool(folder, { maxBytes: 400_000 });
  const count = 7 * 24 * 60;
  for (let index = 1; index <= count; index += 1) {
    const upMs = index * 60_000;
    const value = 1_000_000 + index;
    spool.append({ upMs, readings: { 'pv-1/generated': { value } }, events: [] }, stampAt(upMs));
  }
  const { frames: held, bytes, thinned = 0, dropped } = spool.stats();
  expect(bytes).toBeLessThanOrEqual(400_000);
  expect(dropped).toBe(0);
  expect(held + thinned).toBe(count);
  const again = await openSpool(snapshot(folder));
  const frames = framesOf(again);
  expect(textsOf(spool)).toEqual(textsOf(again));
  const seqs = new Set(frames.map(({ seq }) => seq));
  for (let seq = 15; seq <= count; seq += 15) expect(seqs.has(seq) && seqs.has(seq - 1)).toBe(true);
  const reports = frames.flatMap(({ events }) => events);
  for (let seq = 1; seq <= count; seq += 1)
    expect(
      seqs.has(seq) ||
        reports.some(({ firstSeq, lastSeq }) => Number(firstSeq) <= seq && seq <= Number(lastSeq)),
    ).toBe(true);
  await Promise.all([spool.close(), again.close()]);
});

test('a spool of a newer program is refused, and nothing is touched', async () => {
  for (const name of ['0000000000000001.frames', 'stream', 'acknowledged']) {
    const folder = spoolFolder();
    const spool = await openSpool(folder);
    fill(spool, 3);
    await spool.close();
    const newer = encodeRecord('H', 0, '{"version":2,"kept":"in a way nobody knows yet"}');
    writeFileSync(join(folder, name), newer);
    const before = readdirSync(folder).toSorted();
    await expect(openSpool(folder)).rejects.toThrow(/version 2[^]*newer program/);
    expect(readdirSync(folder).toSorted()).toEqual(before);
    expect(readFileSync(join(folder, name))).toEqual(newer);
  }
});

test('a folder serves one process at a time', async () => {
  const settings = {
    folder: spoolFolder(),
    boot: 'b',
    machine: { id: 'm', startMs: 0 },
    maxBytes: 1e6,
    memoryBytes: 1e6,
    syncEachFrame: false,
    retryMs: 0,
    newStreamId: () => 'k3f9',
  };
  const clock = new ManualClock({ wallMs: startAtMs, trusted: true });
  const first = await openDiskSpool(settings, clock, quietLog);
  await expect(openDiskSpool(settings, clock, quietLog)).rejects.toThrow(/in use by another/);
  await first.close();
  const second = await openDiskSpool(settings, clock, quietLog);
  await second.close();
  expect(existsSync(settings.folder)).toBe(true);
});
