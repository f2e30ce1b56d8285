import { z } from 'zod';
import { deviceIdSchema, idSchema } from '#device/contract';
import { parsePasswordHash } from './password.ts';

const portSchema = z.int().min(0).max(65_535);

/** Certificate and key as PEM files; read once at start. */
const tlsSchema = z.strictObject({
  certFile: z.string().min(1),
  keyFile: z.string().min(1),
});
export type TlsConfig = z.infer<typeof tlsSchema>;

const passwordHashSchema = z.string().refine((text) => parsePasswordHash(text) !== undefined, {
  error: 'is not a password hash: make one with `kadoru-gateway password`',
});

const publicHostSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]{0,252})$/,
    'is a bare host name in small letters, such as kadoru.example.jp',
  );

/** Section `http` of the gateway's configuration. */
export const httpSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: portSchema.default(8080),
  tls: tlsSchema.optional(),
  /** A file whose first line is the operator's token, or its hash. Give this or `operatorTokenHash`. */
  operatorTokenFile: z.string().min(1).optional(),
  operatorTokenHash: passwordHashSchema.optional(),
  /** Serves beyond loopback without TLS, or without credentials: a person's decision, logged at start. */
  insecure: z.boolean().default(false),
  /** Names under which browsers may reach an open gateway, beside its addresses (against DNS rebinding). */
  publicHosts: z.array(publicHostSchema).max(100).default([]),
});
export type HttpConfig = z.infer<typeof httpSchema>;

const deviceCredentialSchema = z.strictObject({
  site: idSchema,
  device: deviceIdSchema,
  passwordHash: passwordHashSchema,
});
export type DeviceCredential = z.infer<typeof deviceCredentialSchema>;

/** Who may connect to the embedded broker; empty means that nobody needs a password. */
const mqttAccessSchema = z.array(deviceCredentialSchema).max(10_000);

/** Section `mqtt.embedded` of the gateway's configuration. */
export const embeddedMqttSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: portSchema.default(1883),
  tls: tlsSchema.optional(),
  devices: mqttAccessSchema.default([]),
  insecure: z.boolean().default(false),
});
export type EmbeddedMqttConfig = z.infer<typeof embeddedMqttSchema>;
