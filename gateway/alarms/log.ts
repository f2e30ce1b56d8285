import { z } from 'zod';
import { transitionSchema } from './model.ts';

/** Everything up to `seq` was delivered to this sink, or given up and counted. */
const deliveredSchema = z.object({
  type: z.literal('delivered'),
  sink: z.string(),
  seq: z.int(),
  at: z.number(),
});

export const logEntrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('transition'), transition: transitionSchema }),
  deliveredSchema,
]);
export type LogEntry = Readonly<z.infer<typeof logEntrySchema>>;

/** Where alarms are written down. */
export interface AlarmLog {
  /** Resolves once all of it is durable; rejects when none of it may be. Appending an entry twice is harmless. */
  append(entries: readonly LogEntry[]): Promise<void>;
  /** Everything, in any order. */
  load(): AsyncIterable<LogEntry>;
}
