import fc from 'fast-check';
import { expect, test } from 'vitest';
import { halfHourMs } from '../energy/calendar.ts';
import { counts, type RegisterInput, type RegisterReading } from '../energy/input.ts';
import type { Resolution } from '../energy/resolution.ts';
import { noState } from '../energy/state.ts';
import { midnight, minuteMs, registerWith } from '../energy/testing-register.ts';
import { ClaimWalk } from './claim-walk.ts';
import { eventRow } from './event-rows.ts';

/** What happens to a register from one reading to the next. */
const happening = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({ what: fc.constant('rise'), wh: fc.integer({ min: 0, max: 60 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('dip'), wh: fc.integer({ min: 1, max: 10 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom(
        'zero',
        'reset',
        'wrap',
        'rollback',
        'replaced',
        'silence',
        'bad',
        'error',
      ),
      wh: fc.integer({ min: 11, max: 400 }),
    }),
  },
);

interface Told {
  readonly inputs: RegisterInput[];
  readonly words: Map<number, Resolution>;
}

const wrapAt = 5_000;
const said = { by: '山田', why: 'looked' };

/** A reading every five minutes of a register that wraps at 5,000 Wh, and what its device says. */
function told(happenings: readonly { readonly what: string; readonly wh: number }[]): Told {
  const inputs: RegisterInput[] = [{ kind: 'meta', at: midnight, serial: 's0', wrapAt }];
  const words: Told['words'] = new Map();
  let [at, true_, serial] = [midnight, 4_000, 0];
  const show = (wh: number, quality: RegisterReading['quality'] = 'good') =>
    inputs.push({ kind: 'reading', at, wh, quality, clock: 'synced' });
  for (const { what, wh } of happenings) {
    at += 5 * minuteMs;
    if (what === 'rise') true_ = (true_ + wh) % wrapAt;
    else if (what === 'silence') at += wh * minuteMs;
    else if (what === 'reset') {
      true_ = Math.min(true_, wh);
      words.set(at, { kind: 'reset-to-zero', ...said });
    } else if (what === 'wrap') true_ = (true_ + wh) % wrapAt;
    else if (what === 'rollback') {
      true_ = Math.max(0, true_ - wh);
      inputs.push({ kind: 'rollback', at, wh: true_ });
    } else if (what === 'replaced') {
      serial += 1;
      inputs.push({ kind: 'meta', at, serial: `s${serial}`, wrapAt, startWh: wh, finalWh: true_ });
      true_ = wh;
    }
    if (what === 'dip') show(Math.max(0, true_ - wh));
    else if (what === 'zero') show(0);
    else if (what === 'error') {
      show(Math.max(0, true_ - wh));
      words.set(at, { kind: 'error', ...said });
    } else show(true_, what === 'bad' ? 'bad' : 'good');
  }
  return { inputs, words };
}

test('whoever has the readings around two boundaries and the events between gets the same energy', () => {
  let compared = 0;
  let withEvents = 0;
  fc.assert(
    fc.property(fc.array(happening, { minLength: 20, maxLength: 250 }), (happenings) => {
      const { inputs, words } = told(happenings);
      const walk = new ClaimWalk(registerWith({}, words), noState, midnight);
      for (const input of inputs) walk.take(input);
      const rows = walk.events().map((event) => eventRow('r', event, ''));
      const { boundaries } = walk.line();
      const shown = new Map(
        inputs.flatMap((input) =>
          input.kind === 'reading' && counts(input) ? [[input.at, input.wh] as const] : [],
        ),
      );
      // As `gateway/contract/claim-tables.ts` says it, from nothing but the rows.
      const toldRows = rows.map((row) => ({
        at: Date.parse(row['at'] ?? ''),
        until: row['until'] === '' ? Infinity : Date.parse(row['until'] ?? ''),
        jitter: row['resolution'] === 'jitter',
        before: Number(row['before_wh']),
        adjustment: Number(row['adjustment_wh']),
      }));
      const valueAt = (at: number): number => {
        const dip = toldRows.find((event) => event.jitter && at >= event.at && at < event.until);
        return dip?.before ?? shown.get(at) ?? Number.NaN;
      };
      const adjusted = (from: number, to: number): number =>
        toldRows.reduce(
          (sum, { at, adjustment }) => (at > from && at <= to ? sum + adjustment : sum),
          0,
        );
      const value = (at: number): number => {
        const { from, to } = walk.bracket(at) ?? { from: Number.NaN, to: Number.NaN };
        if (from === to) return valueAt(at);
        const energy = valueAt(to) - valueAt(from) + adjusted(from, to);
        return valueAt(from) + Math.floor((energy * (at - from)) / (to - from));
      };
      // Nothing after an event that nobody has explained is in a frozen claim.
      const open = rows.find((row) => row['resolution'] === '');
      const until = open === undefined ? Infinity : Date.parse(open['before_at'] ?? '');
      for (const [index, after] of boundaries.entries()) {
        if (after.at > until) break;
        const before = boundaries[index - 1];
        if (before === undefined || before.segment !== after.segment) continue;
        const end = walk.bracket(after.at);
        // An event at the reading after a boundary is behind it.
        const energy = value(after.at) - value(before.at) + adjusted(before.at, after.at);
        expect([after.at, energy]).toEqual([after.at, after.wh - before.wh]);
        expect(end).toBeDefined();
        compared += 1;
        if (toldRows.some(({ at }) => at > before.at && at <= after.at)) withEvents += 1;
      }
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(1_000);
  expect(withEvents).toBeGreaterThan(50);
});

test('a boundary of which nothing is known has no readings around it', () => {
  const walk = new ClaimWalk(registerWith(), noState, midnight);
  expect(walk.bracket(midnight + halfHourMs)).toBeUndefined();
});
