import { z } from 'zod';
import { alarmSchema } from './alarm.ts';
import { generatorSchema } from './generator.ts';
import { noticeSchema } from './notice.ts';
import { packSchema } from './pack.ts';

/** What `/live` sends as event `plant`: the whole picture, whenever it changed and at least every few seconds.
 * `at` is the gateway's clock, so that a page computes ages without trusting its own. */
export const livePlantSchema = z.object({
  at: z.int(),
  /** Every configured site, and the name people know it by. */
  sites: z.array(z.object({ id: z.string(), name: z.string() })),
  packs: z.array(packSchema),
  generators: z.array(generatorSchema),
  /** Those that a person should know of: everything but `normal`, and what is shelved. */
  alarms: z.array(alarmSchema),
  problems: z.array(noticeSchema),
});
export type LivePlant = z.infer<typeof livePlantSchema>;
