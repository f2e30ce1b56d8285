import { z } from 'zod';
import { embeddedMqttSchema, httpSchema } from '../access/index.ts';
import { alarmsSchema } from '../alarms/index.ts';
import { siteSchema } from './plant.ts';
import { storeSchema } from './store.ts';

const embedded = z.strictObject({ embedded: embeddedMqttSchema });
const external = z.strictObject({
  url: z.url({ protocol: /^(mqtts?|wss?)$/, error: 'is mqtt://host:port or mqtts://host:port' }),
  username: z.string().optional(),
  passwordFile: z.string().optional(),
  caFile: z.string().optional(),
});

/** The gateway's configuration file. Everything but `sites` has a default; an empty one is where a first hour begins. */
export const configSchema = z.strictObject({
  data: z.string().min(1).default('./data'),
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .default('gateway'),
  http: httpSchema.prefault({}),
  mqtt: z
    .union([embedded, external], { error: 'is either { embedded: … } or { url: … }' })
    .prefault({
      embedded: {},
    }),
  store: storeSchema.prefault({ kind: 'embedded' }),
  quarantine: z
    .strictObject({
      entriesPerDevice: z.int().min(1).default(1000),
      bytesPerDevice: z
        .int()
        .min(1024)
        .default(16 * 1024 * 1024),
      bytesInAll: z
        .int()
        .min(1024)
        .default(256 * 1024 * 1024),
    })
    .prefault({}),
  alarms: alarmsSchema.prefault({}),
  log: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  sites: z.array(siteSchema).superRefine((sites, context) => {
    for (const [index, { id }] of sites.entries())
      if (sites.findIndex((site) => site.id === id) !== index)
        context.addIssue({
          code: 'custom',
          path: [index, 'id'],
          message: `"${id}" is used twice`,
          input: id,
        });
  }),
});
export type GatewayConfig = z.infer<typeof configSchema>;
