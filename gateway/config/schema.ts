import { z } from 'zod';
import { embeddedMqttSchema, httpSchema } from '../access/index.ts';
import { alarmsSchema } from '../alarms/index.ts';
import { siteSchema } from './plant.ts';
import { storeSchema } from './store.ts';

const embedded = z.strictObject({
  embedded: embeddedMqttSchema,
  shared: z
    .undefined({
      error:
        'needs a broker that all gateways reach (mqtt.url): the embedded one serves this gateway alone',
    })
    .optional(),
});
const external = z.strictObject({
  url: z.url({ protocol: /^(mqtts?|wss?)$/, error: 'is mqtt://host:port or mqtts://host:port' }),
  username: z.string().optional(),
  passwordFile: z.string().optional(),
  caFile: z.string().optional(),
  /** With other gateways: each message is stored by one of the group. (MQTT shared subscriptions.) */
  shared: z
    .strictObject({
      group: z
        .string()
        .regex(
          /^[^/+#\s]{1,64}$/,
          'is a name without /, + and #, the same for every gateway of the group',
        ),
      primary: z.boolean({
        error:
          'is true for the one gateway of the group that derives, raises alarms and takes what people state, and false for the others',
      }),
    })
    .optional(),
});

const defaultId = 'gateway';

const settings = z.strictObject({
  data: z.string().min(1).default('./data'),
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .default(defaultId),
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
  seals: z
    .strictObject({
      /** So long after its end a day is sealed: what devices still hold of it has mostly come by then. */
      waitHours: z.number().min(1).max(1_000_000).default(1),
    })
    .prefault({}),
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

/** The gateway's configuration file. Everything but `sites` has a default; an empty one is where a first hour begins. */
export const configSchema = settings.superRefine(({ mqtt, store, id, alarms }, context) => {
  const { shared } = mqtt;
  if (shared === undefined) return;
  const refuse = (path: string[], message: string, input: unknown) =>
    context.addIssue({ code: 'custom', path, message, input });
  if (store.kind === 'embedded')
    refuse(
      ['mqtt', 'shared'],
      'needs store.kind influxdb: the embedded store is this gateway’s alone, so each would keep a part of the frames',
      shared.group,
    );
  if (id === defaultId)
    refuse(['id'], 'every gateway of a group needs an id of its own: under it it writes', id);
  if (!shared.primary && (alarms.webhooks.length > 0 || alarms.mail !== undefined))
    refuse(['alarms'], 'is for the primary of the group alone: the others raise none', shared);
});
export type GatewayConfig = z.infer<typeof configSchema>;

/** Whether this gateway shows, derives and judges its sites; otherwise it stores for the group and nothing else. */
export function holdsSites({ mqtt }: Pick<GatewayConfig, 'mqtt'>): boolean {
  return mqtt.shared?.primary ?? true;
}
