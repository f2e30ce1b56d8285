import type { Log } from '../log.ts';
import type { AlarmLog, LogEntry } from './log.ts';
import type { AlarmKinds, Condition, Transition } from './model.ts';
import type { Rules } from './engine.ts';
import { defaultAlarmLimits } from './state.ts';

/** Test equipment: a plant with a few kinds of alarm, and logs that fail when told to. */

export const nowMs = Date.parse('2026-12-01T12:00:00+09:00');

export const kinds: AlarmKinds = {
  stop: { priority: 'urgent', latch: true, title: { ja: '停止圧力', en: 'stop pressure' } },
  'temperature-high': {
    priority: 'caution',
    latch: true,
    title: { ja: '温度高', en: 'temperature high' },
  },
  'half-mass': { priority: 'note', latch: false, title: { ja: '残量半分', en: 'half mass' } },
};

export const rules: Rules = { kinds, limits: defaultAlarmLimits };

export function condition(
  changes: Partial<Condition> & { readonly kind?: string } = {},
): Condition {
  const { kind = 'stop', subject = 'pack-1' } = changes;
  return {
    id: `keihin/${subject}/${kind}`,
    site: 'keihin',
    subject,
    kind,
    standing: 'on',
    at: nowMs,
    value: 1.05,
    threshold: 1.1,
    unit: 'MPa',
    detail: 'the pressure is below the stop pressure',
    ...changes,
  };
}

/** A clock that a test moves; the monotonic half is real, since timers are. */
export function movedClock(startMs = nowMs) {
  const clock = { nowMs: startMs, wallMs: () => clock.nowMs, monotonicMs: () => performance.now() };
  return clock;
}

/** A log in memory that refuses while `failure` is set. */
export class MemoryLog implements AlarmLog {
  readonly entries: LogEntry[] = [];
  failure: Error | undefined;
  refusals = 0;

  append(entries: readonly LogEntry[]): Promise<void> {
    if (this.failure !== undefined) {
      this.refusals += 1;
      return Promise.reject(this.failure);
    }
    // As a store keeps it: JSON.
    this.entries.push(...entries.map((entry): LogEntry => JSON.parse(JSON.stringify(entry))));
    return Promise.resolve();
  }

  async *load(): AsyncIterable<LogEntry> {
    yield* this.entries;
  }

  transitions(): Transition[] {
    return this.entries.flatMap((entry) => (entry.type === 'transition' ? [entry.transition] : []));
  }
}

/** Remembers what was said. */
export function heardLog(): Log & { readonly said: string[] } {
  const said: string[] = [];
  const say = (fields: object, message: string) => {
    said.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { said, debug: say, info: say, warn: say, error: say };
}

/** A transition by itself, for whoever delivers them. */
export function transition(seq: number, changes: Partial<Transition['after']> = {}): Transition {
  const { id, site, subject, kind, cause, priority, ...sighting } = condition();
  return {
    seq,
    at: nowMs + seq,
    change: 'raised',
    by: null,
    after: {
      id,
      site,
      subject,
      kind,
      priority: priority ?? 'urgent',
      phase: 'active-unacknowledged',
      occurrence: `${id}/${nowMs}-${seq}`,
      raisedAt: nowMs + seq,
      clearedAt: null,
      acknowledged: null,
      shelf: null,
      unacknowledgedReturns: 0,
      sighting: { ...sighting, cause: cause ?? null },
      ...changes,
    },
  };
}
