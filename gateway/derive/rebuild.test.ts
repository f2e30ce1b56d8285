import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedStore } from '../store/embedded/store.ts';
import type { Store, StoredReading } from '../store/port.ts';
import { endingAt, newPlant } from './testing-plant.ts';

const minuteMs = 60_000;
// Half past nine in the evening in Japan: a midnight lies in between.
const start = Date.UTC(2026, 3, 1, 12, 30);
const mostMinutes = 8 * 60;
const end = start + (mostMinutes + 60) * minuteMs;

let store: Store;
beforeAll(async () => {
  store = await openEmbeddedStore({ folder: mkdtempSync(join(tmpdir(), 'kadoru-rebuild-')) });
});
afterAll(() => store.close());

/** MPa by minutes, null where the wire is broken, undefined where nobody speaks. */
type Story = readonly (number | null | undefined)[];

/** A pack is drawn from and filled, its line closed and opened again. */
const story: fc.Arbitrary<Story> = fc
  .array(
    fc.record({
      minutes: fc.integer({ min: 5, max: 90 }),
      kind: fc.constantFrom('draw', 'fill', 'closed', 'broken', 'silent'),
    }),
    { minLength: 4, maxLength: 20 },
  )
  .map((parts) => {
    const shown: (number | null | undefined)[] = [];
    let mpa = 12;
    for (const { minutes, kind } of parts)
      for (let minute = 0; minute < minutes; minute += 1) {
        if (kind === 'draw') mpa = Math.max(1, mpa - 0.01);
        if (kind === 'fill') mpa = Math.min(19, mpa + 0.1);
        if (kind === 'closed') shown.push(0.01);
        else if (kind === 'broken') shown.push(null);
        else shown.push(kind === 'silent' ? undefined : mpa);
      }
    return shown.slice(0, mostMinutes);
  });

/** The readings of a story by minutes; the silent ones are left out. */
function told(shown: Story, site: string): (readonly StoredReading[])[] {
  return shown.flatMap((mpa, minute) => {
    if (mpa === undefined) return [];
    const at = start + minute * minuteMs + 5000;
    const about = { site, device: 'pi-1', at, receivedAt: at, stream: 's', seq: at } as const;
    const good = { raw: null, quality: 'good', why: null, clock: 'synced' } as const;
    const open = { ...good, value: null, quality: 'bad', why: 'loop-open' } as const;
    const pressure = mpa === null ? open : { ...good, value: mpa };
    const warmth = { ...good, value: 20 + (minute % 3) / 10 };
    const count = { ...good, value: 7 * minute };
    return [
      [
        { ...about, ...pressure, asset: 'pack-1', quantity: 'pressure' } as const,
        { ...about, ...warmth, asset: 'pack-1', quantity: 'temperature' } as const,
        { ...about, ...count, asset: 'pv-1', quantity: 'generated' } as const,
      ],
    ];
  });
}

/** How a part of the readings that are left comes. */
const step = fc.record({
  share: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
  /** Every second or third minute first, as backlogs give them; 1: in their order. */
  every: fc.constantFrom(1, 1, 2, 3),
  /** Where the clock stands from the newest of them, minutes: it may be behind what was derived. */
  clockOff: fc.integer({ min: -20, max: 120 }),
  restart: fc.boolean(),
  killedAt: fc.option(fc.integer({ min: 1, max: 12 })),
});

let histories = 0;

test('whenever and in whatever order readings are derived, with kills and a clock set back, the bytes are the same', async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.array(step, { minLength: 1, maxLength: 8 }), async (shown, came) => {
      histories += 1;
      const [live, once] = [`live-${histories}`, `once-${histories}`].map((site) => ({
        ...newPlant(store, site),
        minutes: told(shown, site),
      }));
      if (live === undefined || once === undefined) throw new Error('two plants');
      let left = live.minutes;
      let derivation = live.derivation();
      for (const { share, every, clockOff, restart, killedAt } of came) {
        const queue = left.toSorted((one, other) => rank(one, every) - rank(other, every));
        const now = queue.slice(0, Math.ceil(share * queue.length)).flat();
        left = queue
          .slice(Math.ceil(share * queue.length))
          .toSorted((a, b) => timeOf(a) - timeOf(b));
        await live.commit({ readings: now, events: [] });
        const nowMs = Math.max(start, ...now.map(({ at }) => at)) + clockOff * minuteMs;
        if (killedAt !== null) {
          const killed = live.derivation(endingAt(store, killedAt));
          await killed
            .load(nowMs)
            .then(() => killed.turn(nowMs))
            .catch(isKill);
        }
        if (restart || killedAt !== null) {
          derivation = live.derivation();
          await derivation.load(nowMs);
        }
        await derivation.turn(nowMs);
      }
      await live.commit({ readings: left.flat(), events: [] });
      await derivation.turn(end);
      await once.commit({ readings: once.minutes.flat(), events: [] });
      await once.derivation().turn(end);
      expect(await live.derived()).toEqual(await once.derived());
    }),
    { numRuns: 12 },
  );
});

function timeOf(minute: readonly StoredReading[]): number {
  return minute[0]?.at ?? 0;
}

/** By which those of every second minute come before the others. */
function rank(minute: readonly StoredReading[], every: number): number {
  const at = timeOf(minute);
  return Math.floor(at / minuteMs) % every === 0 ? at - end : at;
}

function isKill(error: unknown): void {
  expect(String(error)).toContain('killed');
}
