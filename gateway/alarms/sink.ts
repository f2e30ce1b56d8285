import type { AlarmView, Change, Priority, Transition } from './model.ts';

/** How delivery to one receiver goes; for health and metrics. */
export interface SinkStanding {
  readonly name: string;
  readonly waiting: number;
  readonly delivered: number;
  /** Given up: refused for good, or too old. */
  readonly failed: number;
  /** Pushed out by newer ones because too many waited. */
  readonly dropped: number;
  /** Tries that did not succeed. */
  readonly retries: number;
  /** Of the last try that failed, while nothing succeeded since. */
  readonly lastError: string | null;
  readonly lastDeliveredAt: number | null;
}

/** A receiver that hears of every transition it asks for at least once. */
export interface Sink {
  readonly name: string;
  wants(transition: Transition): boolean;
  /** Something it wants. */
  offer(transition: Transition): void;
  standing(): SinkStanding;
  /** Ends a delivery under way soon; what waits is offered again at the next start. */
  stop(): Promise<void>;
}

/** Which transitions a receiver wants; everything where nothing is said. */
export interface Wanted {
  readonly kinds?: readonly string[] | undefined;
  readonly priorities?: readonly Priority[] | undefined;
}

export function wants({ kinds, priorities }: Wanted, { after }: Transition): boolean {
  return (
    (kinds === undefined || kinds.includes(after.kind)) &&
    (priorities === undefined || priorities.includes(after.priority))
  );
}

/** A shelved alarm calls nobody; that a person shelved it, or that the shelf ended, is told. */
export function calls({ change, after }: Transition): boolean {
  return after.shelf === null || change === 'shelved';
}

/** What a person far away must hear: not what another person did, but what the plant did and what comes back. */
export function callsPeople({ change, after }: Transition): boolean {
  if (after.shelf !== null) return false;
  return peopleHear.has(change) || (change === 'shelf-ended' && after.phase !== 'normal');
}

const peopleHear: ReadonlySet<Change> = new Set<Change>([
  'raised',
  'reraised',
  'cleared',
  'unacknowledged-return',
]);

export type AlarmListener = (event: AlarmEvent) => void;

/** What a page hears: transitions, and alarms whose condition became unobservable or observable again. */
export type AlarmEvent =
  | { readonly kind: 'transition'; readonly transition: Transition }
  | { readonly kind: 'marked'; readonly alarm: AlarmView };
