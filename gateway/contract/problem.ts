import { z } from 'zod';

/** RFC 9457 problem document; `errors` names every field, the value given and the way out. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z
    .array(z.object({ field: z.string(), value: z.unknown().optional(), detail: z.string() }))
    .optional(),
});
export type Problem = z.infer<typeof problemSchema>;
