import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemSchema, type Route, type RouteName, routes } from '#gateway/contract';
import { hourMs, nowMs, type StatementBench, statementBench } from './testing-plant.ts';

let bench: StatementBench;
beforeAll(async () => {
  bench = await statementBench();
});
afterAll(() => bench.close());

const posts = Object.entries<Route>(routes).filter(([, { method }]) => method === 'post');
const placed = (path: string) =>
  path.replaceAll(/:[a-z]+/g, (part) =>
    part === ':id' ? 'pack-2' : part === ':kind' ? 'batch' : part === ':origin' ? 'tokyo' : 'x',
  );

const time = fc.oneof(
  fc.integer({ min: nowMs - 100 * hourMs, max: nowMs + 100 * hourMs }),
  fc.maxSafeInteger(),
);
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1, max: 80 }),
  fc.constantFrom(0, -0, 1e308, -1e308, 5e-324),
);
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }));
const state = fc.record(
  { at: time, pressureMpa: number, temperatureC: number },
  { requiredKeys: ['at', 'pressureMpa', 'temperatureC'] },
);
/** Right names with values that are right, or nearly, or not at all. */
const body = fc.record(
  {
    id: fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), text),
    by: text,
    pressureMpa: number,
    temperatureC: number,
    readAt: time,
    openedAt: time,
    segmentAt: time,
    serial: text,
    origin: fc.constantFrom('tokyo', 'yamanashi', 'osaka'),
    openCylinders: fc.oneof(fc.integer({ min: -1, max: 40 }), number),
    arrival: state,
    state,
    what: fc.constantFrom('swap', 'drawn', 'loss', 'closed-cylinders', 'same', 'no'),
    from: time,
    to: time,
    expectedKg: number,
    lot: text,
    units: fc.integer(),
    validUntil: time,
    points: fc.array(fc.record({ shownMpa: number, referenceMpa: number }), { maxLength: 4 }),
    basis: fc.constantFrom('physical-kg', 'per-pack'),
    kg: number,
    kgPerPack: number,
    document: text,
    why: text,
  },
  { requiredKeys: [] },
);
/** Only the keys that a route knows, so that more than the unknown key is looked at. */
const known: Record<string, readonly string[]> = {
  stateGaugeReading: ['id', 'by', 'pressureMpa', 'temperatureC', 'readAt'],
  stateDelivery: ['id', 'by', 'openedAt', 'serial', 'origin', 'openCylinders', 'arrival'],
  stateDraw: ['id', 'by', 'from', 'to', 'expectedKg'],
  stateBatch: ['id', 'by', 'lot', 'from', 'to', 'units'],
  stateCalibration: ['id', 'by', 'from', 'validUntil', 'points'],
  confirmAllotment: ['id', 'by', 'basis', 'kg', 'document'],
};

test('whatever is sent is taken or refused as a problem, and nothing fails', async () => {
  const anything = fc.oneof(body, fc.jsonValue(), fc.string());
  const counts = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...posts), anything, async ([name, { path }], sent) => {
      const keys = known[name];
      const given: unknown =
        keys !== undefined && typeof sent === 'object' && sent !== null && !Array.isArray(sent)
          ? Object.fromEntries(Object.entries(sent).filter(([key]) => keys.includes(key)))
          : sent;
      const response = await bench.post(placed(path), given);
      expect([201, 400, 404, 409]).toContain(response.status);
      const answer: unknown = await response.json();
      if (response.status === 201) counts.taken += 1;
      else {
        counts.refused += 1;
        expect(problemSchema.safeParse(answer).error).toBeUndefined();
        expect(response.headers.get('content-type')).toBe('application/problem+json');
      }
    }),
    { numRuns: 1500 },
  );
  expect(counts.refused).toBeGreaterThan(0);
});

interface Kept {
  readonly id: string;
}
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
const person = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((name) => name.trim().length > 0 && name.trim().length <= 100);
const statements: [RouteName, string, fc.Arbitrary<object>][] = [
  [
    'stateGaugeReading',
    'gauge-readings',
    fc.record({
      id,
      by: person,
      pressureMpa: fc.double({ min: 1, max: 25, noNaN: true }),
      temperatureC: fc.double({ min: -20, max: 60, noNaN: true }),
      readAt: fc.integer({ min: nowMs - 1e9, max: nowMs }),
    }),
  ],
  [
    'stateBatch',
    'batches',
    fc.record({
      id,
      by: person,
      lot: id,
      units: fc.integer({ min: 1, max: 1000 }),
      from: fc.integer({ min: nowMs - 1e9, max: nowMs - 1 }),
      to: fc.integer({ min: nowMs, max: nowMs + 1e9 }),
    }),
  ],
  [
    'stateDraw',
    'draws',
    fc.record({
      id,
      by: person,
      expectedKg: fc.double({ min: 0.001, max: 20, noNaN: true }),
      from: fc.integer({ min: nowMs - 1e9, max: nowMs - 1 }),
      to: fc.integer({ min: nowMs, max: nowMs + 1e9 }),
    }),
  ],
];

test.each(statements)(
  '%s: what is taken is found again, and the same sent twice changes nothing',
  async (name, list, arbitrary) => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(arbitrary, async (sent) => {
        const path = `/packs/pack-2/${list}`;
        const response = await bench.post(path, sent);
        const answer: Kept = await response.json();
        // The ids of two runs may meet.
        if (response.status === 409) return;
        expect(response.status).toBe(201);
        taken += 1;
        expect(routes[name].answer.safeParse(answer).error).toBeUndefined();
        const all = async () => {
          const items: Kept[] = [];
          for (let next = ''; ;) {
            const page: { items: Kept[]; next?: string } = await (
              await bench.get(`${path}?limit=200${next}`)
            ).json();
            items.push(...page.items);
            if (page.next === undefined) return items;
            next = `&cursor=${encodeURIComponent(page.next)}`;
          }
        };
        const before = await all();
        expect(before.filter(({ id }) => id === answer.id)).toEqual([answer]);
        const again = await bench.post(path, sent);
        expect(again.status).toBe(201);
        expect(await again.json()).toEqual(answer);
        expect(await all()).toEqual(before);
      }),
      { numRuns: 25 },
    );
    expect(taken).toBeGreaterThan(10);
  },
);

test('of many that come at once and exclude each other, one is taken', async () => {
  const sent = (index: number) => ({
    by: 'A',
    lot: 'at once',
    units: 1,
    from: nowMs - hourMs - index,
    to: nowMs,
  });
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => bench.post('/packs/pack-1/batches', sent(index))),
  );
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
});
