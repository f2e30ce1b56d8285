import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedStore } from '../store/embedded/store.ts';
import type { DerivedRow, Store, StoredReading } from '../store/port.ts';
import {
  hourMeasurement,
  hourMs,
  hourOf,
  hourRows,
  hourStretches,
  minuteStretches,
  type Placed,
  stretchOfHour,
} from './hour-rows.ts';
import { joined, type Stretch, stretchOfRow } from './stretch.ts';
import { newPlant } from './testing-plant.ts';

const minuteMs = 60_000;
const start = Date.UTC(2026, 3, 1);

const figure = fc.option(fc.integer({ min: 0, max: 30 }));
const rowAt = fc.record({
  at: fc.nat(5 * hourMs).map((ms) => start + ms),
  fields: fc.record({
    pressureMpa: figure,
    temperatureC: figure,
    totalKg: figure,
    usableKg: figure,
    quality: fc.constantFrom('good', 'bad'),
  }),
});
const minutes = fc
  .uniqueArray(rowAt, { minLength: 1, maxLength: 60, selector: ({ at }) => at })
  .map((rows) => rows.toSorted((one, other) => one.at - other.at));

/** What of a stretch is shown. */
const shown = ({ best, knownMinutes, extremes }: Stretch) => {
  const { pressureMpa, temperatureC, totalKg, usableKg, quality } = best.fields;
  return {
    at: best.at,
    fields: { pressureMpa, temperatureC, totalKg, usableKg, quality },
    knownMinutes,
    extremes,
  };
};
const whole = (stretches: readonly Stretch[]) => shown(stretches.reduce(joined));

test('coarse is fine, joined: rows by the hour say what their minutes say', () => {
  fc.assert(
    fc.property(minutes, (rows) => {
      const hours = hourRows(rows);
      expect(new Set(hours.map(({ at }) => at))).toEqual(new Set(rows.map(({ at }) => hourOf(at))));
      expect(whole(hours.map(stretchOfHour))).toEqual(whole(rows.map(stretchOfRow)));
    }),
  );
});

test('in which order stretches are joined means nothing, not even within a minute', () => {
  const crowded = minutes.map((rows) =>
    rows.map((row) => ({ ...row, at: start + (row.at - start) / 60 })),
  );
  fc.assert(
    fc.property(fc.oneof(minutes, crowded), fc.nat(60), (rows, cut) => {
      const each = rows.map(stretchOfRow);
      const [head, tail] = [each.slice(0, cut), each.slice(cut)];
      const parts = [head, tail].filter(({ length }) => length > 0);
      expect(whole(parts.map((part) => part.reduce(joined)))).toEqual(whole(each));
    }),
  );
});

let store: Store;
beforeAll(async () => {
  store = await openEmbeddedStore({ folder: mkdtempSync(join(tmpdir(), 'kadoru-hours-')) });
});
afterAll(() => store.close());

/** A reading of each quantity in a minute; what a minute holds is always the same. */
function readingsAt(site: string, minute: number): StoredReading[] {
  const at = start + minute * minuteMs + 5000;
  const origin = { site, device: 'pi-1', asset: 'pack-1', clock: 'synced' } as const;
  const missing = minute % 7 === 3;
  const pressure = missing
    ? ({ value: null, quality: 'bad', why: 'loop-open' } as const)
    : ({ value: 12 - minute / 500, quality: 'good', why: null } as const);
  const warmth = { value: 20 + (minute % 5), quality: 'good', why: null } as const;
  const rest = { at, raw: null, stream: 's', seq: at, receivedAt: at };
  return [
    { ...origin, ...rest, quantity: 'pressure', ...pressure },
    { ...origin, ...rest, quantity: 'temperature', ...warmth },
  ];
}

const all = { from: start, to: start + 8 * hourMs };

async function rowsOf(site: string, measurement: string): Promise<DerivedRow[]> {
  const rows: DerivedRow[] = [];
  for await (const row of store.derived({ measurement, key: `${site}/pack-1` }, all))
    rows.push(row);
  return rows;
}

async function stretchesOf(placed: AsyncIterable<Placed>): Promise<Stretch[]> {
  const found: Stretch[] = [];
  for await (const { stretch } of placed) found.push(stretch);
  return found;
}

test('however readings come, with restarts and a clock set back, an hour says what its minutes say', async () => {
  const come = fc.array(
    fc.record({
      minutes: fc.uniqueArray(fc.nat(6 * 60), { minLength: 1, maxLength: 20 }),
      restart: fc.boolean(),
    }),
    { minLength: 2, maxLength: 6 },
  );
  let plants = 0;
  await fc.assert(
    fc.asyncProperty(come, async (steps) => {
      plants += 1;
      const site = `site-${plants}`;
      const key = `${site}/pack-1`;
      const plant = newPlant(store, site);
      let derivation = plant.derivation();
      for (const step of steps) {
        const readings = step.minutes.flatMap((minute) => readingsAt(site, minute));
        await plant.commit({ readings, events: [] });
        // The clock of the start is that of its newest reading: it may lie before what is derived.
        const nowMs = Math.max(...readings.map(({ at }) => at)) + minuteMs;
        if (step.restart) {
          derivation = plant.derivation();
          await derivation.load(nowMs);
        }
        await derivation.turn(nowMs);
        const rows = await rowsOf(site, 'hydrogen');
        const made = new Map(hourRows(rows).map((hour) => [hour.at, hour]));
        for (const hour of await rowsOf(site, hourMeasurement))
          expect(hour).toEqual(made.get(hour.at));
        expect(whole(await stretchesOf(hourStretches(store, key, all)))).toEqual(
          whole(await stretchesOf(minuteStretches(store, key, all))),
        );
      }
    }),
    { numRuns: 10 },
  );
});

test('a pack that runs has a row for each hour that ended, the silent ones apart', async () => {
  const plant = newPlant(store, 'keihin');
  const derivation = plant.derivation();
  // Every tenth minute; silent from 1:30 to 4:00, over the end of the second hour.
  const spoken = Array.from({ length: 37 }, (_, step) => step * 10).filter(
    (minute) => minute < 90 || minute >= 240,
  );
  for (const minute of spoken) {
    await plant.commit({ readings: readingsAt('keihin', minute), events: [] });
    await derivation.turn(start + (minute + 1) * minuteMs);
  }
  const hours = (await rowsOf('keihin', hourMeasurement)).map(({ at }) => (at - start) / hourMs);
  expect(hours).toEqual([0, 1, 4, 5]);
});
