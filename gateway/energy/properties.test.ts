import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from './allocate.ts';
import { intervalLengths } from './calendar.ts';
import { corrected } from './correction.ts';
import { byTime, type RegisterInput, type RegisterReading } from './input.ts';
import type { Resolution } from './resolution.ts';
import type { Span } from './span.ts';
import { noState, registerStateSchema } from './state.ts';
import { account, midnight, minuteMs, registerWith, totalWh } from './testing-register.ts';
import { changedIntervals, touchedHalfHours } from './touched.ts';

const valueWh = fc.oneof(
  fc.nat({ max: 20 }),
  fc.nat({ max: 3_000 }),
  fc.integer({ min: 999_000, max: 1_000_000 }),
  fc.constantFrom(0, 1_000_000, 5_000_000_000, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);
const at = fc
  .oneof(fc.nat({ max: 200 }), fc.nat({ max: 60_000 }))
  .map((n) => midnight + n * 20_000);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const anyReading = fc.record<RegisterReading>({
  kind: fc.constant('reading'),
  at,
  wh: fc.option(valueWh, { freq: 8 }),
  quality: fc.constantFrom('good', 'good', 'good', 'uncertain', 'bad'),
  clock: fc.constantFrom('synced', 'synced', 'synced', 'estimated'),
});
const anyInput: fc.Arbitrary<RegisterInput> = fc.oneof(
  { arbitrary: anyReading, weight: 12 },
  fc.record({ kind: fc.constant('rollback' as const), at, wh: maybe(valueWh) }),
  fc.record({
    kind: fc.constant('meta' as const),
    at,
    serial: fc.constantFrom(undefined, 'a', 'b'),
    wrapAt: fc.constantFrom(undefined, 1_000_000, 3),
    ratedW: fc.constantFrom(undefined, 5_000),
    startWh: maybe(valueWh),
    finalWh: maybe(valueWh),
  }),
  fc.record({ kind: fc.constant('restart' as const), at }),
);
const anyInputs = fc.array(anyInput, { maxLength: 80 });
const inOrder = anyInputs.map((inputs) => inputs.toSorted(byTime));

const said = { by: 'a', why: 'b' };
const anyResolution: fc.Arbitrary<Resolution> = fc
  .oneof(
    fc.record({ kind: fc.constant('reset-to-zero' as const), finalWh: valueWh }),
    fc.record({ kind: fc.constant('replaced' as const), startWh: valueWh }),
    fc.record({ kind: fc.constant('wrapped' as const), wrapAt: fc.integer({ min: 1, max: 2e6 }) }),
    fc.record({ kind: fc.constantFrom('rollback' as const, 'real' as const) }),
    fc.record({ kind: fc.constant('error' as const), until: at }),
  )
  .map((resolution) => ({ ...resolution, ...said }));
const someWord = fc.array(fc.option(anyResolution), { minLength: 1, maxLength: 9 });

/** Resolutions for the events as they come, so that most of them meet something. */
function resolving(inputs: readonly RegisterInput[], words: readonly (Resolution | null)[]) {
  const resolutions = new Map<number, Resolution>();
  for (let round = 0; round < 3; round += 1)
    for (const [index, { at }] of account(inputs, registerWith({}, resolutions)).events.entries()) {
      const word = words[(index + round) % words.length];
      if (word !== null && word !== undefined && !resolutions.has(at)) resolutions.set(at, word);
    }
  return registerWith({}, resolutions);
}

const range = { from: midnight, to: midnight + 30 * 86_400_000 };
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

test('any sequence in any order: nothing throws, nothing is negative, spans follow each other', () => {
  fc.assert(
    fc.property(anyInputs, someWord, (inputs, words) => {
      const { spans, state } = account(inputs, resolving(inputs, words));
      for (const [index, { from, to, wh, kind, event }] of spans.entries()) {
        expect(from).toBeLessThan(to);
        if (index > 0) expect(from).toBe(spans[index - 1]?.to);
        expect(Number.isSafeInteger(wh) && wh >= 0).toBe(true);
        if (kind === 'withheld') expect([wh, event === null]).toEqual([0, false]);
      }
      expect(state.held.length).toBeLessThan(80);
      for (const { wh } of allocate(spans, '1d', range)) expect(wh).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 1_000 },
  );
});

test('the order of arrival means nothing, and a reading told twice changes nothing', () => {
  fc.assert(
    fc.property(inOrder, someWord, fc.array(fc.nat(), { minLength: 90 }), (inputs, words, keys) => {
      const register = resolving(inputs, words);
      const twice = [
        ...inputs,
        ...inputs.filter(({ kind }, index) => kind === 'reading' && index % 3 === 0),
      ];
      const shuffled = twice
        .map((input, index) => ({ input, key: keys[index % keys.length] ?? 0 }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ input }) => input);
      expect(account(shuffled.toSorted(byTime), register)).toEqual(account(inputs, register));
    }),
  );
});

test('going on from a checkpoint anywhere gives the same bytes', () => {
  fc.assert(
    fc.property(inOrder, someWord, fc.nat({ max: 80 }), (inputs, words, cut) => {
      const register = resolving(inputs, words);
      const whole = account(inputs, register);
      const first = account(inputs.slice(0, cut), register);
      const kept = registerStateSchema.parse(JSON.parse(JSON.stringify(first.state)));
      const second = account(inputs.slice(cut), register, kept);
      expect(JSON.stringify([...first.spans, ...second.spans])).toBe(JSON.stringify(whole.spans));
      expect(JSON.stringify(second.state)).toBe(JSON.stringify(whole.state));
    }),
  );
});

test('every event is told with what the register showed, and withheld until it is settled', () => {
  fc.assert(
    fc.property(inOrder, someWord, (inputs, words) => {
      const { spans, events, state } = account(inputs, resolving(inputs, words));
      const held = new Set(state.held.map(({ event }) => event?.id));
      const withheld = spans.flatMap(({ kind, event }) => (kind === 'withheld' ? [event] : []));
      const open = events.filter(({ id, resolution }) => resolution === null && !held.has(id));
      expect(new Set(withheld)).toEqual(new Set(open.map(({ id }) => id)));
      expect(withheld).toHaveLength(open.length);
      for (const { before, after, kind } of events)
        if (kind === 'fall') expect(after).toBeLessThan(before);
    }),
    { numRuns: 1_000 },
  );
});

/** A register that only rises, by what a home can make. */
const rising = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 80 })), {
    minLength: 2,
    maxLength: 150,
  })
  .map((steps) => {
    let minutes = 0;
    let wh = 1_000;
    return steps.map(([pause, rise]): RegisterReading => {
      minutes += pause;
      wh += rise * pause;
      const at = midnight + minutes * minuteMs;
      return { kind: 'reading', at, wh, quality: 'good', clock: 'synced' };
    });
  });

test('additive: whatever readings are left out between, the sum is last minus first', () => {
  fc.assert(
    fc.property(rising, fc.array(fc.boolean(), { minLength: 150, maxLength: 150 }), (all, keep) => {
      const ends = new Set([0, all.length - 1]);
      const kept = all.filter((_, index) => ends.has(index) || keep[index] === true);
      const { spans, events } = account(kept);
      expect(events).toEqual([]);
      expect(totalWh({ spans })).toBe((all.at(-1)?.wh ?? 0) - (all[0]?.wh ?? 0));
    }),
  );
});

const someSpans: fc.Arbitrary<Span[]> = inOrder.map((inputs) => [...account(inputs).spans]);

test('every level adds up, to the Wh and to the second', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        someSpans,
        rising.map((all) => [...account(all).spans]),
      ),
      (spans) => {
        // More than 2^53 Wh in a month is no meter's.
        fc.pre(totalWh({ spans }) <= Number.MAX_SAFE_INTEGER);
        const halfHours = allocate(spans, '30m', range);
        expect(sumOf(halfHours.map(({ wh }) => wh))).toBe(
          sumOf(spans.map(({ kind, wh }) => (kind === 'metered' ? wh : 0))),
        );
        for (const length of intervalLengths.slice(1))
          for (const { start, end, wh, coveredSeconds, unallocated } of allocate(
            spans,
            length,
            range,
          )) {
            const indexOf = (at: number) => Math.max(0, (at - range.from) / (30 * minuteMs));
            const parts = halfHours.slice(indexOf(start), indexOf(end));
            const inside = unallocated.filter(({ from, to }) => from >= start && to <= end);
            expect(parts.every((half) => half.start >= start && half.end <= end)).toBe(true);
            expect(wh).toBe(sumOf(parts.map(({ wh }) => wh)) + sumOf(inside.map(({ wh }) => wh)));
            expect(coveredSeconds).toBeLessThanOrEqual((end - start) / 1_000);
          }
        const [year] = allocate(spans, 'fy', range);
        expect(year?.wh).toBe(totalWh({ spans }));
      },
    ),
    { numRuns: 60 },
  );
});

test('a day asked for in two parts is the day', () => {
  fc.assert(
    fc.property(rising, fc.integer({ min: 1, max: 47 }), (all, cut) => {
      const { spans } = account(all);
      const [from, middle] = [midnight, midnight + cut * 30 * minuteMs];
      const to = midnight + 48 * 30 * minuteMs;
      expect([
        ...allocate(spans, '30m', { from, to: middle }),
        ...allocate(spans, '30m', { from: middle, to }),
      ]).toEqual(allocate(spans, '30m', { from, to }));
    }),
  );
});

test('a late reading changes half hours between its neighbours only', () => {
  fc.assert(
    fc.property(rising, fc.nat(), (all, choice) => {
      const index = choice % all.length;
      const without = all.toSpliced(index, 1);
      const touched = touchedHalfHours(
        all[index - 1]?.at ?? null,
        all[index]?.at ?? 0,
        all[index + 1]?.at ?? null,
      );
      const changed = changedIntervals(
        allocate(account(without).spans, '30m', range),
        allocate(account(all).spans, '30m', range),
      );
      expect(touched).toEqual(expect.arrayContaining(changed));
    }),
  );
});

test('a correction and its reverse are as if nobody had said anything', () => {
  fc.assert(
    fc.property(anyReading, valueWh, (reading, wh) => {
      const there = { at: reading.at, before: reading.wh, after: wh, ...said };
      const back = { at: reading.at, before: wh, after: reading.wh, ...said };
      expect(corrected(reading, [there, back]).wh).toBe(reading.wh);
      expect(account([corrected(reading, [])], registerWith(), noState)).toEqual(
        account([reading]),
      );
    }),
  );
});
