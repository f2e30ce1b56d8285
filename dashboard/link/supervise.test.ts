import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Instant } from '../clock.ts';
import {
  type LinkEvent,
  type LinkState,
  linkStatus,
  openingLink,
  silenceLimitMs,
  superviseLink,
} from './supervise.ts';

const at = (ms: number): Instant => ({ monotonicMs: ms, wallMs: 1_000_000 + ms });

/** Runs events `[ms, event]` and answers the state with every effect. */
function run(events: readonly (readonly [number, LinkEvent])[], random = 0.5) {
  let state: LinkState = openingLink(at(0));
  const effects: string[] = [];
  for (const [ms, event] of events) {
    const step = superviseLink(state, event, at(ms), random);
    state = step.state;
    if (step.effect !== 'nothing') effects.push(step.effect);
  }
  return { state, effects };
}

test('from the first message the link is live, and stays so while messages come', () => {
  const { state } = run([[100, { kind: 'heard' }]]);
  expect(linkStatus(openingLink(at(0)), at(0))).toBe('connecting');
  expect(linkStatus(state, at(100 + silenceLimitMs))).toBe('live');
  expect(linkStatus(state, at(101 + silenceLimitMs))).toBe('no-data');
});

test('a broken connection is told at once and reopened after a while', () => {
  const broken = run([
    [100, { kind: 'heard' }],
    [200, { kind: 'failed', refused: false }],
  ]);
  expect(linkStatus(broken.state, at(200))).toBe('reconnecting');
  const reopened = run([
    [100, { kind: 'heard' }],
    [200, { kind: 'failed', refused: false }],
    [700, { kind: 'tick' }],
    [1_200, { kind: 'tick' }],
    [1_300, { kind: 'heard' }],
  ]);
  expect(reopened.effects).toEqual(['close', 'open']);
  expect(linkStatus(reopened.state, at(1_300))).toBe('live');
  expect(reopened.state.failures).toBe(0);
});

test('silence on an open connection closes and reopens it', () => {
  const { effects, state } = run([
    [0, { kind: 'heard' }],
    [silenceLimitMs, { kind: 'tick' }],
    [silenceLimitMs + 1, { kind: 'tick' }],
    [silenceLimitMs + 2_000, { kind: 'tick' }],
  ]);
  expect(effects).toEqual(['close', 'open']);
  expect(linkStatus(state, at(silenceLimitMs + 2_000))).toBe('no-data');
});

test('a computer that slept knows that its figures are old', () => {
  const { state } = run([[100, { kind: 'heard' }]]);
  expect(linkStatus(state, { monotonicMs: 150, wallMs: 1_000_000 + 3_600_000 })).toBe('no-data');
});

test('a refused stream is asked about; only the gateway signs a person out', () => {
  const refused: readonly (readonly [number, LinkEvent])[] = [
    [100, { kind: 'failed', refused: true }],
  ];
  expect(run(refused).effects).toEqual(['probe']);
  const elsewhere = run([...refused, [200, { kind: 'probed', signedOut: false }]]);
  expect(elsewhere.state.phase.kind).toBe('waiting');
  const out = run([
    ...refused,
    [200, { kind: 'probed', signedOut: true }],
    [9e6, { kind: 'tick' }],
  ]);
  expect(linkStatus(out.state, at(9e6))).toBe('signed-out');
  const back = superviseLink(out.state, { kind: 'signed-in' }, at(9e6), 0);
  expect(back.effect).toBe('open');
});

test('an answer that never comes to a question does not stop the page', () => {
  const { effects } = run([
    [0, { kind: 'failed', refused: true }],
    [silenceLimitMs + 1, { kind: 'tick' }],
    [silenceLimitMs + 6_002, { kind: 'tick' }],
  ]);
  expect(effects).toEqual(['probe', 'open']);
});

test('unreadable messages are counted and make nothing look alive', () => {
  const { state } = run([
    [0, { kind: 'unreadable' }],
    [1, { kind: 'unreadable' }],
  ]);
  expect(state.unreadable).toBe(2);
  expect(state.heard).toBe(undefined);
});

const anyEvent: fc.Arbitrary<LinkEvent> = fc.oneof(
  fc.constantFrom<LinkEvent>(
    { kind: 'tick' },
    { kind: 'heard' },
    { kind: 'unreadable' },
    { kind: 'signed-in' },
  ),
  fc.record({ kind: fc.constant('failed' as const), refused: fc.boolean() }),
  fc.record({ kind: fc.constant('probed' as const), signedOut: fc.boolean() }),
);

test('whatever happens: waits are bounded, and live means heard within the limit', () => {
  const history = fc.array(fc.tuple(fc.nat(20_000), anyEvent), { maxLength: 60 });
  fc.assert(
    fc.property(history, fc.double({ min: 0, max: 0.999, noNaN: true }), (gaps, random) => {
      let nowMs = 0;
      const { state } = run(
        gaps.map(([gapMs, event]) => [(nowMs += gapMs), event] as const),
        random,
      );
      if (state.phase.kind === 'waiting') {
        expect(state.phase.delayMs).toBeGreaterThanOrEqual(500);
        expect(state.phase.delayMs).toBeLessThanOrEqual(5_000);
      }
      const lastHeardMs = state.heard?.monotonicMs ?? -Infinity;
      if (linkStatus(state, at(nowMs)) === 'live') {
        expect(nowMs - lastHeardMs).toBeLessThanOrEqual(silenceLimitMs);
        expect(state.broken).toBe(false);
      }
    }),
  );
});
