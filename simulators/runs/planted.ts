import type { LoopName, LoopState } from '../faults/faults.ts';
import type { RigAction } from '../world/rig.ts';

/** From a time on, and until another where one is given. */
interface Span {
  readonly fromMs: number;
  readonly untilMs?: number;
}

/** What is planted in a run for somebody to find: plain data. Times are epoch milliseconds. */
export type Planted =
  /** The line is isolated and vented, and after `minutes` another pack is opened: with so much gas, or so many times the
   * old one's (1 = an equal one). It has the same volume. */
  | {
      readonly kind: 'swap';
      readonly atMs: number;
      readonly minutes: number;
      readonly to: { readonly hydrogenKg: number } | { readonly timesOld: number };
    }
  /** The stop valve before the tap closes and the line is vented; `lostKg` are gone unseen when it opens again. */
  | (Required<Span> & { readonly kind: 'isolation'; readonly lostKg?: number })
  | (Span & { readonly kind: 'closed-cylinders'; readonly count: number })
  | (Span & { readonly kind: 'stuck-pressure' })
  | (Span & { readonly kind: 'slow-loss'; readonly nlPerMin: number })
  | (Span & { readonly kind: 'root-valve-closed' })
  | (Span & {
      readonly kind: 'loop-fault';
      readonly loop: LoopName;
      readonly state: 'cut' | 'short';
    })
  /** Nothing is sampled. */
  | (Span & { readonly kind: 'data-gap' });

/** One thing that happens at one instant, to the pack, to an instrument, or to the sampling. */
export type Happening =
  | { readonly kind: 'rig'; readonly action: RigAction }
  | { readonly kind: 'loop'; readonly loop: LoopName; readonly state: LoopState }
  | { readonly kind: 'stick'; readonly loop: LoopName }
  | { readonly kind: 'sampling'; readonly on: boolean };

export interface Timed {
  readonly atMs: number;
  readonly happening: Happening;
}

/** Everything that is planted, as it happens. */
export function timetable(planted: readonly Planted[]): readonly Timed[] {
  return planted.flatMap(happeningsOf).toSorted((one, other) => one.atMs - other.atMs);
}

function happeningsOf(planted: Planted): Timed[] {
  switch (planted.kind) {
    case 'swap':
      return swap(planted.atMs, planted.atMs + planted.minutes * 60_000, planted.to);
    case 'isolation':
      return isolation(planted.fromMs, planted.untilMs, planted.lostKg ?? 0);
    case 'closed-cylinders':
      return span(
        planted,
        rig({ kind: 'close-cylinders', count: planted.count }),
        rig({ kind: 'open-cylinders' }),
      );
    case 'stuck-pressure':
      return span(planted, { kind: 'stick', loop: 'pressure' }, mended('pressure'));
    case 'slow-loss':
      return span(
        planted,
        rig({ kind: 'leak', nlPerMin: planted.nlPerMin }),
        rig({ kind: 'leak', nlPerMin: 0 }),
      );
    case 'root-valve-closed':
      return span(
        planted,
        rig({ kind: 'root-valve', open: false }),
        rig({ kind: 'root-valve', open: true }),
      );
    case 'loop-fault': {
      const { loop, state } = planted;
      return span(planted, { kind: 'loop', loop, state }, mended(loop));
    }
    case 'data-gap':
      return span(planted, { kind: 'sampling', on: false }, { kind: 'sampling', on: true });
  }
}

const rig = (action: RigAction): Happening => ({ kind: 'rig', action });
const mended = (loop: LoopName): Happening => ({ kind: 'loop', loop, state: 'whole' });

function span({ fromMs, untilMs }: Span, begin: Happening, end: Happening): Timed[] {
  const begun = { atMs: fromMs, happening: begin };
  return untilMs === undefined ? [begun] : [begun, { atMs: untilMs, happening: end }];
}

function isolation(fromMs: number, untilMs: number, lostKg: number): Timed[] {
  return [
    { atMs: fromMs, happening: rig({ kind: 'isolate' }) },
    { atMs: untilMs, happening: rig({ kind: 'lose', hydrogenKg: lostKg }) },
    { atMs: untilMs, happening: rig({ kind: 'reopen' }) },
  ];
}

function swap(
  fromMs: number,
  untilMs: number,
  to: { readonly hydrogenKg: number } | { readonly timesOld: number },
): Timed[] {
  return [
    { atMs: fromMs, happening: rig({ kind: 'isolate' }) },
    { atMs: untilMs, happening: rig({ kind: 'exchange', ...to }) },
    { atMs: untilMs, happening: rig({ kind: 'reopen' }) },
  ];
}
