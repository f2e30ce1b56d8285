import { z } from 'zod';

const person = z.string().trim().min(1).max(100);

/** An alarm as shown: what it says, who took note of it, and whether anybody can still tell that it holds. */
export const alarmSchema = z.object({
  id: z.string(),
  site: z.string(),
  subject: z.string(),
  kind: z.string(),
  priority: z.enum(['urgent', 'caution', 'note']),
  title: z.object({ ja: z.string(), en: z.string() }),
  phase: z.enum([
    'active-unacknowledged',
    'active-acknowledged',
    'returned-unacknowledged',
    'normal',
  ]),
  /** One id per time it came. */
  occurrence: z.string(),
  raisedAt: z.int(),
  clearedAt: z.int().nullable(),
  acknowledged: z
    .object({ by: z.string(), at: z.int(), comment: z.string().nullable() })
    .nullable(),
  shelf: z.object({ by: z.string(), at: z.int(), until: z.int(), why: z.string() }).nullable(),
  observable: z.boolean(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string(),
  detail: z.string(),
  cause: z.string().nullable(),
});
export type Alarm = z.infer<typeof alarmSchema>;

export const acknowledgeRequestSchema = z.strictObject({
  id: z.string(),
  by: person,
  comment: z.string().max(500).optional(),
});
export const shelveRequestSchema = z.strictObject({
  id: z.string(),
  by: person,
  until: z.int(),
  why: z.string().trim().min(1).max(500),
});
export const unshelveRequestSchema = z.strictObject({ id: z.string(), by: person });
