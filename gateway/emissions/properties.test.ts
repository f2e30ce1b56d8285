import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from '../energy/allocate.ts';
import type { RegisterInput } from '../energy/input.ts';
import { exact, sum } from './exact.ts';
import { fuelFactors, townGasHeatingValue } from './fuel.ts';
import { jointSpans, type JointSpan } from './joint.ts';
import { energyByBand, reductionKg } from './reduction.ts';
import { lineOfSpans } from './register-line.ts';
import { type Stretch, stretches } from './stretch.ts';
import {
  april,
  hourMs,
  minuteMs,
  plainConditions,
  reading,
  spansOf,
  storedLine,
} from './testing-registers.ts';

/** Readings of some days before and after the first of April: close together, with gaps, falls, rises and repeats. */
const anyInputs: fc.Arbitrary<RegisterInput[]> = fc
  .array(
    fc.record({
      stepMinutes: fc.oneof(
        { arbitrary: fc.integer({ min: 1, max: 5 }), weight: 12 },
        { arbitrary: fc.constantFrom(30, 45, 360, 3_000), weight: 1 },
      ),
      seconds: fc.constantFrom(0, 0, 0, 20),
      rise: fc.oneof(
        { arbitrary: fc.nat({ max: 400 }), weight: 20 },
        { arbitrary: fc.constantFrom(-5, -100_000, 5_000_000_000), weight: 1 },
      ),
      times: fc.constantFrom(1, 1, 1, 8),
    }),
    { minLength: 2, maxLength: 60 },
  )
  .chain((steps) => fc.tuple(fc.constant(steps), fc.constantFrom(-26 * 60, -10, 0, -121)))
  .map(([steps, startMinutes]) => {
    const inputs: RegisterInput[] = [reading(april + startMinutes * minuteMs, 200_000)];
    let at = april + startMinutes * minuteMs;
    let wh = 200_000;
    for (const { stepMinutes, seconds, rise, times } of steps)
      for (let time = 0; time < times; time += 1) {
        at += stepMinutes * minuteMs + seconds * 1_000;
        wh = Math.max(0, wh + rise);
        inputs.push(reading(at, wh));
      }
    return inputs;
  });

function joined(inputs: readonly (readonly RegisterInput[])[], stored = false): JointSpan[] {
  const items = ['generated', 'sold', 'gas', 'heat', 'auxiliary'] as const;
  return jointSpans(
    inputs.map((each, index) => {
      const spans = spansOf(each, `keihin/pv-1/${index}`);
      return {
        item: items[index] ?? 'auxiliary',
        register: `${index}`,
        line: stored ? storedLine(spans) : lineOfSpans(spans),
      };
    }),
  );
}

const formula = fc.array(anyInputs, { minLength: 1, maxLength: 5 });
const elOf = (spans: Iterable<{ elWh: number | null }>): number =>
  [...spans].reduce((total, { elWh }) => total + (elWh ?? 0), 0);
/** Fuel and heat of where all is known: without EL nothing of it counts. */
const burntIn = (spans: Iterable<JointSpan | Stretch>) => {
  const known = [...spans].filter(({ elWh }) => elWh !== null);
  const total = (of: 'gasDm3' | 'heatKj') =>
    known.reduce((all, span) => all + (span[of] ?? Number.NaN), 0);
  return { gasDm3: total('gasDm3'), heatKj: total('heatKj') };
};

test('spans and stored half hours tell the same', () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const spans = spansOf(inputs);
      if (spans.length > 0) expect(storedLine(spans)).toEqual(lineOfSpans(spans));
    }),
    { numRuns: 600 },
  );
  fc.assert(
    fc.property(formula, (inputs) => {
      expect(joined(inputs, true)).toEqual(joined(inputs));
    }),
    { numRuns: 150 },
  );
});

test('joint spans follow each other, and of one register they are what its days are', () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const spans = joined([inputs]);
      for (const [index, { from, to }] of spans.entries()) {
        expect(from).toBeLessThan(to);
        if (index > 0) expect(from).toBe(spans[index - 1]?.to);
      }
      const [first] = spans;
      const last = spans.at(-1);
      if (first === undefined || last === undefined) return;
      const range = { from: first.from, to: last.to };
      const halfHours = allocate(spansOf(inputs), '30m', range);
      const gaps = new Map(
        halfHours.flatMap(({ unallocated }) => unallocated.map((gap) => [gap.from, gap])),
      );
      const inside = [...gaps.values()].filter(
        ({ from, to }) => from >= range.from && to <= range.to,
      );
      const accounted = [...halfHours, ...inside].reduce((total, { wh }) => total + wh, 0);
      // Beside an event that nobody explained the half hours say what is metered; a joint span says nothing.
      if (spans.some(({ elWh }) => elWh === null))
        expect(elOf(spans)).toBeLessThanOrEqual(accounted);
      else expect(elOf(spans)).toBe(accounted);
    }),
    { numRuns: 200 },
  );
});

test('cutting anywhere: what is counted and what lies across a cut add up to the same', () => {
  const anyCuts = fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 4 });
  fc.assert(
    fc.property(formula, anyCuts, (inputs, days) => {
      const spans = joined(inputs);
      const factorRule = 'all-source' as const;
      const base = { ...plainConditions, factorRule, operationStartedOn: '2020-01-01' };
      const cuts = days.map((day) => april + day * 24 * hourMs);
      const total = (found: readonly Stretch[]): number =>
        elOf(found.filter(({ reason }) => reason !== 'open-event'));
      const cut = stretches(spans, { ...base, cuts });
      expect(total(cut)).toBe(total(stretches(spans, base)));
      expect(total(cut)).toBe(elOf(spans));
      expect(burntIn(cut)).toEqual(burntIn(spans));
      expect(burntIn(stretches(spans, base))).toEqual(burntIn(spans));
      for (const { from, to, reason } of cut)
        if (reason !== 'straddles')
          for (const at of cuts) expect(at <= from || at >= to).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('kilograms of parts are kilograms of the whole', () => {
  const anyPart = fc.tuple(fc.maxSafeInteger(), fc.maxSafeNat(), fc.maxSafeNat());
  const parts = fc.array(anyPart, { maxLength: 20 });
  const anyFactor = fc
    .nat({ max: 999_999 })
    .map((micro) => exact(`0.${String(micro).padStart(6, '0')}`));
  const anyGas = fc.record({ temperatureC: anyFactor, gaugePressureKpa: anyFactor });
  fc.assert(
    fc.property(
      parts,
      anyFactor,
      anyFactor,
      anyGas,
      fc.boolean(),
      (found, factor, cef, gas, burns) => {
        const [boilerEfficiency, heatingValue] = [exact('0.9'), townGasHeatingValue];
        const terms = { fuel: 'town-gas', boilerEfficiency, heatingValue, gas } as const;
        const factors = { electricity: factor, fuel: burns ? fuelFactors(terms, cef) : null };
        const kg = ([el, dm3, kj]: readonly [bigint, bigint, bigint]) =>
          reductionKg({ elWh: el, gasDm3: dm3, heatKj: kj }, factors);
        const whole = found.map(([el, dm3, kj]) => [BigInt(el), BigInt(dm3), BigInt(kj)] as const);
        const total = (index: 0 | 1 | 2) => whole.reduce((all, part) => all + part[index], 0n);
        expect(sum(whole.map(kg))).toEqual(kg([total(0), total(1), total(2)]));
      },
    ),
  );
});

test('the order in which readings arrived means nothing', () => {
  fc.assert(
    fc.property(formula, fc.infiniteStream(fc.nat()), (inputs, keys) => {
      const shuffled = inputs.map((each) =>
        each
          .map((input) => ({ input, key: keys.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ input }) => input),
      );
      expect(stretches(joined(shuffled), plainConditions)).toEqual(
        stretches(joined(inputs), plainConditions),
      );
    }),
    { numRuns: 100 },
  );
});

test('nothing is clamped: a stretch is the sum of its spans, and below zero it does not count', () => {
  fc.assert(
    fc.property(formula, (inputs) => {
      const spans = joined(inputs);
      for (const stretch of stretches(spans, plainConditions)) {
        const inside = spans.filter(({ from, to }) => from >= stretch.from && to <= stretch.to);
        if (stretch.elWh !== null) expect(stretch.elWh).toBe(elOf(inside));
        expect(stretch.counted).toBe(stretch.reason === null);
        if (stretch.reason === null) expect(stretch.elWh).toBeGreaterThanOrEqual(0);
        if (stretch.reason === 'negative') expect(stretch.elWh).toBeLessThan(0);
      }
      for (const { elWh } of energyByBand(stretches(spans, plainConditions)))
        expect(elWh).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 200 },
  );
});
