import { z } from 'zod';
import { prioritySchema } from './model.ts';

const kinds = z.array(z.string().min(1).max(63)).min(1).max(100);
const priorities = z.array(prioritySchema).min(1).max(3);

const webhookSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'is http://… or https://…' })
      .max(2000)
      .refine((url) => !hasCredentials(url), {
        error: 'holds a user name or a password: sign with a secret instead',
      }),
    /** Signs every request (Standard Webhooks). A file whose first line is the secret, or the variable that holds it. */
    secretFile: z.string().min(1).optional(),
    secretVariable: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'is the name of an environment variable in capitals')
      .optional(),
    kinds: kinds.optional(),
    priorities: priorities.optional(),
  })
  .refine(({ secretFile, secretVariable }) => !(secretFile && secretVariable), {
    path: ['secretVariable'],
    error: 'give either secretFile or secretVariable',
  });
export type WebhookConfig = z.infer<typeof webhookSchema>;

const address = z.email({ error: 'is an address such as plant@example.jp' }).max(254);

const mailSchema = z
  .strictObject({
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535).default(587),
    from: address,
    to: z.array(address).min(1).max(20),
    username: z.string().min(1).optional(),
    passwordFile: z.string().min(1).optional(),
    /** Certificates to trust beside the system's, for a mail server with one of its own. */
    caFile: z.string().min(1).optional(),
    /** Sends without TLS where the server offers none: a person's decision, logged at start. */
    insecure: z.boolean().default(false),
    kinds: kinds.optional(),
    priorities: priorities.optional(),
    /** Alarms that come this close together go as one mail. */
    gatherSeconds: z.number().min(0).max(3600).default(10),
    /** At least this long between two mails to one person. */
    apartSeconds: z.number().min(0).max(86_400).default(60),
  })
  .superRefine((mail, context) => {
    const wrong = (path: string, message: string, input: unknown) =>
      context.addIssue({ code: 'custom', path: [path], message, input });
    if (mail.username !== undefined && mail.passwordFile === undefined)
      wrong('passwordFile', 'is needed with username', mail.passwordFile);
    if (mail.username === undefined && mail.passwordFile !== undefined)
      wrong('username', 'is needed with passwordFile', mail.username);
    if (mail.insecure && mail.username !== undefined)
      wrong('insecure', 'would send the password readable on the way', mail.insecure);
    for (const [index, to] of mail.to.entries())
      if (mail.to.indexOf(to) !== index)
        context.addIssue({
          code: 'custom',
          path: ['to', index],
          message: `"${to}" is named twice`,
          input: to,
        });
  });
export type MailConfig = z.infer<typeof mailSchema>;

/** Section `alarms` of the gateway's configuration. Everything has a default: no webhooks, no mail. */
export const alarmsSchema = z.strictObject({
  webhooks: z
    .array(webhookSchema)
    .max(20)
    .default([])
    .superRefine((webhooks, context) => {
      for (const [index, { url }] of webhooks.entries())
        if (webhooks.findIndex((other) => other.url === url) !== index)
          context.addIssue({
            code: 'custom',
            path: [index, 'url'],
            message: 'is configured twice',
            input: url,
          });
    }),
  mail: mailSchema.optional(),
  /** The longest time an alarm may be set aside. */
  shelveMostHours: z.number().positive().max(24).default(8),
});
export type AlarmsConfig = z.infer<typeof alarmsSchema>;

/** Files in the configuration, as `resolve` sees them (relative to the configuration file). */
export function resolveAlarmFiles(
  config: AlarmsConfig,
  resolve: (path: string) => string,
): AlarmsConfig {
  const file = (key: 'secretFile' | 'passwordFile' | 'caFile', path: string | undefined) =>
    path === undefined ? {} : { [key]: resolve(path) };
  const { mail } = config;
  return {
    ...config,
    webhooks: config.webhooks.map((hook) => ({ ...hook, ...file('secretFile', hook.secretFile) })),
    ...(mail === undefined
      ? {}
      : {
          mail: {
            ...mail,
            ...file('passwordFile', mail.passwordFile),
            ...file('caFile', mail.caFile),
          },
        }),
  };
}

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
