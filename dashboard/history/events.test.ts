import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsIn, placeEvents, type TimelineEvent } from './events.ts';

const span = { fromMs: 1_000, toMs: 2_000 };
const event = (atMs: number, toMs?: number | null): TimelineEvent => ({
  id: `${atMs}`,
  kind: 'alarm',
  atMs,
  ...(toMs === undefined ? {} : { toMs }),
  text: 'x',
});

test('an event that began before and ended in the span, or still goes on, is in it', () => {
  const events = [event(1_500), event(900), event(2_000), event(900, 1_000), event(10, null)];
  expect(eventsIn(events, span).map(({ atMs }) => atMs)).toEqual([10, 900, 1_500]);
});

test('labels of one row never cover each other, and every event has a number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2_500 })),
      fc.double({ min: 0.01, max: 0.9, noNaN: true }),
      (times, width) => {
        const events = eventsIn(
          times.map((at) => event(at, null)),
          span,
        );
        const placed = placeEvents(events, span, () => width);
        expect(placed.map(({ number }) => number)).toEqual(events.map((_, index) => index + 1));
        for (const row of [0, 1, 2]) {
          const taken = placed
            .filter((each) => each.row === row)
            .map(({ left, before }) => (before ? left - width : left));
          for (const [index, beginning] of taken.entries()) {
            expect(beginning).toBeGreaterThanOrEqual(0);
            if (index > 0)
              expect(beginning).toBeGreaterThanOrEqual((taken[index - 1] ?? 1) + width);
          }
        }
      },
    ),
  );
});
