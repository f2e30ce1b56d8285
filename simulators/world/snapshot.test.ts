import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseScenario, worldSetup } from '../scenarios/scenario.ts';
import { goOn, openSnapshotBook } from './snapshot.ts';
import { newWorld, stepWorld } from './world.ts';

const setup = worldSetup(parseScenario('', 'defaults'));
const startMs = Date.parse('2026-06-21T10:00:00+09:00');
const first = { wallMs: startMs, speed: 1, state: newWorld(setup, startMs, 7) };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kadoru-snapshots-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('a book that was never written is empty', async () => {
  const book = openSnapshotBook(join(folder, 'not', 'there'));
  expect(await book.load()).toEqual({ snapshots: [], problems: [] });
});

test('snapshots come back to the byte, oldest first, and the ring keeps the newest 16', async () => {
  const book = openSnapshotBook(folder);
  const saves = Array.from({ length: 20 }, (_, index) => ({
    ...first,
    wallMs: startMs + index * 60_000,
    state: stepWorld(setup, first.state, index * 1000),
  }));
  await Promise.all(saves.map((snapshot) => book.save(snapshot)));
  expect(await openSnapshotBook(folder).load()).toEqual({
    snapshots: saves.slice(-16),
    problems: [],
  });
  expect(await readdir(folder)).toHaveLength(16);
});

test('a world written down before taps and closed valves were known has an open tap and none closed', async () => {
  const { tap, pack, ...rest } = first.state;
  const { hydrogenKg, gasC, wallC, drawnKg, exchanges, exchangedKg } = pack;
  const old = { hydrogenKg, gasC, wallC, drawnKg, exchanges, exchangedKg };
  const text = JSON.stringify({ version: 1, ...first, state: { ...rest, pack: old } });
  await writeFile(join(folder, `world-${startMs}.json`), text);
  expect(await openSnapshotBook(folder).load()).toEqual({ snapshots: [first], problems: [] });
  expect(tap.line).toBe('open');
});

test('a torn or foreign file is named and left out; the others are used', async () => {
  const book = openSnapshotBook(folder);
  await book.save(first);
  await writeFile(join(folder, `world-${startMs + 1}.json`), '{"version":1,"wallMs":');
  await writeFile(join(folder, `world-${startMs + 2}.json`), '{"version":2}');
  await writeFile(join(folder, `world-${startMs + 3}.json.new`), 'half');
  const { snapshots, problems } = await book.load();
  expect(snapshots).toEqual([first]);
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain(`world-${startMs + 1}.json`);
});

test('a folder that cannot be written is an error, and the next save is tried again', async () => {
  const path = join(folder, 'world');
  await writeFile(path, 'a file where the folder should be');
  const book = openSnapshotBook(path);
  await expect(book.save(first)).rejects.toThrow('EEXIST');
  await rm(path);
  await book.save(first);
  expect((await book.load()).snapshots).toEqual([first]);
});

test('a world goes on by the wall time that passed, times its speed, but not for ever', () => {
  expect(goOn(setup, first, startMs + 2500, 1)).toEqual(stepWorld(setup, first.state, 2500));
  expect(goOn(setup, first, startMs + 2500, 60)).toEqual(stepWorld(setup, first.state, 150_000));
  expect(goOn(setup, first, startMs - 5000, 1)).toEqual(first.state);
  expect(goOn(setup, first, startMs + 25_000, 1, 9000)).toEqual(
    stepWorld(setup, first.state, 9000),
  );
});
