import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  acknowledge,
  type Acknowledge,
  type ActionRefusal,
  type Outcome,
  retire,
  type Retire,
  shelve,
  type Shelve,
  unshelve,
  type Unshelve,
} from './actions.ts';
import type { AlarmsConfig } from './config.ts';
import { Delivery, type DeliveryParts } from './delivery.ts';
import { evaluate, type Rules } from './engine.ts';
import { defaultJournalLimits, Journal, type JournalLimits } from './journal.ts';
import type { AlarmLog } from './log.ts';
import type { Alarm, AlarmKinds, AlarmView, Condition, Transition } from './model.ts';
import { type AlarmProblem, alarmProblems } from './problems.ts';
import { rebuild } from './rebuild.ts';
import { type AlarmBroker, defaultRetainedRetryMs, RetainedAlarms } from './retained.ts';
import type { AlarmSecrets } from './secrets.ts';
import type { AlarmEvent, AlarmListener, SinkStanding } from './sink.ts';
import {
  type AlarmLimits,
  type AlarmState,
  defaultAlarmLimits,
  openAlarms,
  view,
} from './state.ts';

export interface AlarmsParts {
  readonly config: AlarmsConfig;
  readonly secrets: AlarmSecrets;
  readonly kinds: AlarmKinds;
  readonly sites: readonly string[];
  readonly alarmLog: AlarmLog;
  readonly broker: AlarmBroker;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
  readonly limits?: Partial<AlarmLimits>;
  readonly journalLimits?: JournalLimits;
  readonly outboxLimits?: Pick<DeliveryParts, 'webhookLimits' | 'mailLimits'>;
}

export type ActionResult =
  | { readonly kind: 'done'; readonly alarm: AlarmView; readonly transition: Transition }
  | { readonly kind: 'refused'; readonly refusals: readonly ActionRefusal[] };

export interface AlarmCounts {
  readonly open: number;
  readonly unacknowledged: number;
  readonly shelved: number;
  readonly turnedAwayTotal: number;
  readonly logWaiting: number;
  readonly logDropped: number;
}

/** Alarms of one gateway. */
export interface Alarms {
  /** Judges now. Call it at least once a minute, with an empty list too: shelves end here. */
  evaluate(conditions: readonly Condition[]): void;
  acknowledge(order: Acknowledge): ActionResult;
  shelve(order: Shelve): ActionResult;
  unshelve(order: Unshelve): ActionResult;
  retire(order: Retire): ActionResult;
  /** What is open, urgent ones first, shelved ones included. */
  open(): AlarmView[];
  /** The last ones that ended, newest first. */
  closed(): readonly Alarm[];
  /** Answers how to stop listening. */
  subscribe(listener: AlarmListener): () => void;
  /** The broker connection came or went. */
  brokerConnection(connected: boolean): void;
  /** A message on a topic below `_alarms`. */
  brokerMessage(topic: string, bytes: Uint8Array): void;
  problems(): AlarmProblem[];
  sinks(): SinkStanding[];
  counts(): AlarmCounts;
  close(): Promise<void>;
}

/** Transitions kept while loading, for sinks that have not delivered them. */
const resumedTransitions = 1000;

/** Loads what was open and starts delivering. Rejects when the log cannot be read. */
export async function createAlarms(parts: AlarmsParts): Promise<Alarms> {
  const limits = {
    ...defaultAlarmLimits,
    shelveMostMs: parts.config.shelveMostHours * 3_600_000,
    ...parts.limits,
  };
  const { state, recent, cursors } = await rebuild(parts.alarmLog, limits, resumedTransitions);
  const alarms = new RunningAlarms(parts, { kinds: parts.kinds, limits }, state);
  alarms.resume(recent, cursors);
  return alarms;
}

class RunningAlarms implements Alarms {
  readonly #rules: Rules;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #journal: Journal;
  readonly #delivery: Delivery;
  readonly #retained: RetainedAlarms;
  readonly #listeners = new Set<AlarmListener>();
  #state: AlarmState;

  constructor(parts: AlarmsParts, rules: Rules, state: AlarmState) {
    const { clock, log, random = Math.random, broker, sites } = parts;
    this.#rules = rules;
    this.#clock = clock;
    this.#log = log;
    this.#state = state;
    this.#journal = new Journal(
      parts.alarmLog,
      parts.journalLimits ?? defaultJournalLimits,
      random,
      (failure) => {
        if (failure === undefined) log.info({}, 'alarms are written down again');
        else log.error({ failure }, 'alarms cannot be written down: they go on in memory');
      },
    );
    const settled = (sink: string, seq: number) =>
      this.#journal.write({ type: 'delivered', sink, seq, at: clock.wallMs() });
    this.#delivery = new Delivery({ ...parts, ...parts.outboxLimits, random, settled });
    this.#retained = new RetainedAlarms({
      sites,
      broker,
      open: () => this.open(),
      retryMs: defaultRetainedRetryMs,
      random,
      wallMs: clock.wallMs,
      told: (failure) => {
        if (failure !== undefined) log.warn({ failure }, 'alarms cannot be published');
      },
    });
  }

  resume(recent: readonly Transition[], cursors: ReadonlyMap<string, number>): void {
    this.#delivery.resume(recent, cursors, this.#state.lastSeq);
  }

  evaluate(conditions: readonly Condition[]): void {
    const { state, transitions, marked } = evaluate(
      this.#state,
      conditions,
      this.#clock.wallMs(),
      this.#rules,
    );
    this.#state = state;
    for (const transition of transitions) this.#announce(transition);
    for (const id of marked) this.#mark(id);
  }

  acknowledge(order: Acknowledge): ActionResult {
    return this.#act(acknowledge(this.#state, order, this.#clock.wallMs(), this.#rules));
  }

  shelve(order: Shelve): ActionResult {
    return this.#act(shelve(this.#state, order, this.#clock.wallMs(), this.#rules));
  }

  unshelve(order: Unshelve): ActionResult {
    return this.#act(unshelve(this.#state, order, this.#clock.wallMs(), this.#rules));
  }

  retire(order: Retire): ActionResult {
    return this.#act(retire(this.#state, order, this.#clock.wallMs(), this.#rules));
  }

  open(): AlarmView[] {
    return openAlarms(this.#state);
  }

  closed(): readonly Alarm[] {
    return this.#state.closed;
  }

  subscribe(listener: AlarmListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  brokerConnection(connected: boolean): void {
    this.#retained.connection(connected);
  }

  brokerMessage(topic: string, bytes: Uint8Array): void {
    this.#retained.received(topic, bytes);
  }

  problems(): AlarmProblem[] {
    return alarmProblems(this.#state, this.#journal.standing(), this.sinks());
  }

  sinks(): SinkStanding[] {
    return [this.#retained.standing(), ...this.#delivery.standings()];
  }

  counts(): AlarmCounts {
    const open = this.open();
    const { waiting, dropped } = this.#journal.standing();
    return {
      open: open.length,
      unacknowledged: open.filter(({ phase }) => phase !== 'active-acknowledged').length,
      shelved: Object.values(this.#state.alarms).filter(({ shelf }) => shelf !== null).length,
      turnedAwayTotal: this.#state.turnedAwayTotal,
      logWaiting: waiting,
      logDropped: dropped,
    };
  }

  /** Sinks first: what they settle is still written down. */
  async close(): Promise<void> {
    await Promise.all([this.#delivery.stop(), this.#retained.stop()]);
    await this.#journal.stop();
  }

  #act(outcome: Outcome): ActionResult {
    if (outcome.kind === 'refused') return outcome;
    this.#state = outcome.state;
    this.#announce(outcome.transition);
    const { transition } = outcome;
    return { kind: 'done', alarm: view(this.#state, transition.after), transition };
  }

  #announce(transition: Transition): void {
    this.#journal.write({ type: 'transition', transition });
    this.#delivery.offer(transition);
    this.#retained.changed(view(this.#state, transition.after));
    this.#tell({ kind: 'transition', transition });
  }

  #mark(id: string): void {
    const marked = this.#state.alarms[id];
    if (marked === undefined || marked.phase === 'normal') return;
    const alarm = view(this.#state, marked);
    this.#retained.changed(alarm);
    this.#tell({ kind: 'marked', alarm });
  }

  /** A listener that fails is somebody else's problem, and not a reason to stop alarming. */
  #tell(event: AlarmEvent): void {
    for (const listener of this.#listeners)
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ error: String(error) }, 'somebody who listens to alarms failed');
      }
  }
}
