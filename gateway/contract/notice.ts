import { z } from 'zod';

/** Something about the gateway that a person should look at. A page says it in its own words by `kind`. */
export const noticeSchema = z.object({
  kind: z.enum([
    'store-failing',
    'broker-away',
    'clock-not-set',
    'quarantine-filling',
    'quarantine-full',
    'device-lost',
    'device-silent',
    'device-offline',
    'device-twice',
    'device-disk',
    'gateway-twice',
    'site-held-twice',
    'alarm-log-failing',
    'alarm-delivery-failing',
    'alarm-overflow',
  ]),
  /** What it concerns: an error, a number of messages, a device. Empty where there is nothing to add. */
  subject: z.string(),
  /** The whole in English, for logs and programs. */
  detail: z.string(),
});
export type Notice = z.infer<typeof noticeSchema>;
