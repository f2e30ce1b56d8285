import type { AlarmLog } from './log.ts';
import type { Transition } from './model.ts';
import { type AlarmLimits, type AlarmState, emptyState, ends } from './state.ts';

export interface Rebuilt {
  readonly state: AlarmState;
  /** The newest transitions, oldest first: what sinks may not have delivered yet. */
  readonly recent: readonly Transition[];
  /** How far each sink got. */
  readonly cursors: ReadonlyMap<string, number>;
}

/** Reads a log of any length; memory holds one transition per alarm id and the `recent` newest. */
export async function rebuild(
  log: Pick<AlarmLog, 'load'>,
  limits: Pick<AlarmLimits, 'closed'>,
  recent: number,
): Promise<Rebuilt> {
  const newest = new Map<string, Transition>();
  const closed = new Newest(limits.closed);
  const last = new Newest(recent);
  const cursors = new Map<string, number>();
  let lastSeq = 0;
  for await (const entry of log.load()) {
    if (entry.type === 'delivered') {
      cursors.set(entry.sink, Math.max(entry.seq, cursors.get(entry.sink) ?? 0));
      lastSeq = Math.max(lastSeq, entry.seq);
      continue;
    }
    const { transition } = entry;
    const { id } = transition.after;
    if ((newest.get(id)?.seq ?? 0) < transition.seq) newest.set(id, transition);
    if (ends(transition)) closed.add(transition);
    last.add(transition);
    lastSeq = Math.max(lastSeq, transition.seq);
  }
  const alarms = [...newest.values()]
    .toSorted((a, b) => a.seq - b.seq)
    .flatMap(({ after }) =>
      after.phase === 'normal' && after.shelf === null ? [] : [[after.id, after] as const],
    );
  const state: AlarmState = {
    ...emptyState,
    lastSeq,
    alarms: Object.fromEntries(alarms),
    closed: closed
      .inOrder()
      .map(({ after }) => after)
      .toReversed(),
  };
  return { state, recent: last.inOrder(), cursors };
}

/** The transitions with the highest numbers, whatever order they come in and however often. */
class Newest {
  readonly #most: number;
  #kept = new Map<number, Transition>();

  constructor(most: number) {
    this.#most = most;
  }

  add(transition: Transition): void {
    this.#kept.set(transition.seq, transition);
    if (this.#kept.size > 2 * this.#most + 16) this.#kept = new Map(this.#sorted());
  }

  inOrder(): Transition[] {
    return this.#sorted().map(([, transition]) => transition);
  }

  #sorted(): [number, Transition][] {
    const sorted = [...this.#kept].toSorted(([a], [b]) => a - b);
    return sorted.slice(Math.max(0, sorted.length - this.#most));
  }
}
