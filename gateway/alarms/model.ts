import { z } from 'zod';

/** How soon a person must act: at once, today, or when there is time. */
export const prioritySchema = z.enum(['urgent', 'caution', 'note']);
export type Priority = z.infer<typeof prioritySchema>;

/**
 * Whether a condition holds. `hold`: between the thresholds of raising and clearing, so what was, stays.
 * `unobservable`: nobody can tell; an alarm that stands goes on standing.
 */
const standingSchema = z.enum(['on', 'off', 'hold', 'unobservable']);
export type Standing = z.infer<typeof standingSchema>;

/** One judgement, made by whoever knows the physics. */
export interface Condition {
  /** Stable over restarts, such as `keihin/pack-1/stop`: it is the alarm's id. */
  readonly id: string;
  readonly site: string;
  /** Asset or device. */
  readonly subject: string;
  readonly kind: string;
  /** Where it differs from the kind's own. */
  readonly priority?: Priority;
  readonly standing: Standing;
  /** Epoch milliseconds the condition was judged for. */
  readonly at: number;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly unit: string;
  /** One English sentence. */
  readonly detail: string;
  readonly cause?: string;
  /** It counts only once it has been on for so long. */
  readonly onsetMs?: number;
}

/** What the operator should know about a kind of alarm; data that comes from outside. */
export interface AlarmKind {
  readonly priority: Priority;
  /** One that cleared by itself stays until somebody acknowledges it. */
  readonly latch: boolean;
  readonly title: { readonly ja: string; readonly en: string };
}
export type AlarmKinds = Readonly<Record<string, AlarmKind>>;

/** A kind that stands in no table is never lost for it. */
export function alarmKind(kinds: AlarmKinds, kind: string): AlarmKind {
  if (Object.hasOwn(kinds, kind)) {
    const known = kinds[kind];
    if (known !== undefined) return known;
  }
  return { priority: 'caution', latch: true, title: { ja: kind, en: kind } };
}

/** A condition as it was last seen. */
const sightingSchema = z.object({
  standing: standingSchema,
  at: z.number(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string(),
  detail: z.string(),
  cause: z.string().nullable(),
});
export type Sighting = Readonly<z.infer<typeof sightingSchema>>;

const acknowledgementSchema = z.object({
  by: z.string(),
  at: z.number(),
  comment: z.string().nullable(),
});

/** Set aside by a person, until a time: it goes on being judged and recorded, and calls nobody. */
const shelfSchema = z.object({
  by: z.string(),
  at: z.number(),
  until: z.number(),
  why: z.string(),
});

/** States of ISA-18.2 / IEC 62682; `normal` is an alarm that is over. */
const phaseSchema = z.enum([
  'active-unacknowledged',
  'active-acknowledged',
  'returned-unacknowledged',
  'normal',
]);

const alarmSchema = z.object({
  id: z.string(),
  site: z.string(),
  subject: z.string(),
  kind: z.string(),
  priority: prioritySchema,
  phase: phaseSchema,
  /** One id per time it came; whoever is told twice knows it by this. */
  occurrence: z.string(),
  /** Epoch milliseconds of the gateway. */
  raisedAt: z.number(),
  clearedAt: z.number().nullable(),
  acknowledged: acknowledgementSchema.nullable(),
  shelf: shelfSchema.nullable(),
  /** Earlier occurrences that went away and came back before anybody acknowledged them. */
  unacknowledgedReturns: z.int(),
  /** The condition at the last transition that it caused. */
  sighting: sightingSchema,
});
export type Alarm = Readonly<z.infer<typeof alarmSchema>>;

const changeSchema = z.enum([
  'raised',
  'reraised',
  'cleared',
  'unacknowledged-return',
  'acknowledged',
  'shelved',
  'unshelved',
  'shelf-ended',
  'retired',
]);
export type Change = z.infer<typeof changeSchema>;

/**
 * Something that happened to one alarm. It carries the whole alarm after it, so that the newest transition of an
 * alarm tells all about it, whichever others were lost or came in another order.
 */
export const transitionSchema = z.object({
  /** Rises by one with every transition of this gateway: the order, whatever clocks do. */
  seq: z.int(),
  /** Epoch milliseconds of the gateway; a label, nothing is ordered by it. */
  at: z.number(),
  change: changeSchema,
  /** Who, where a person did it. */
  by: z.string().nullable(),
  after: alarmSchema,
});
export type Transition = Readonly<z.infer<typeof transitionSchema>>;

/** An alarm with what is known of its condition at this moment. */
export interface AlarmView extends Alarm {
  /** False while nobody can tell whether the condition still holds. */
  readonly observable: boolean;
  /** The condition as last seen; after a restart, until it is judged again, the one of the last transition. */
  readonly latest: Sighting;
}
