import { z } from 'zod';
import { idSchema } from '#device/contract';
import { modbusQuantities, profileSchema } from './profile.ts';

const timeoutMs = z
  .int()
  .min(1_000, 'must be at least 1000: slower answers are common, and a late one spoils the next')
  .max(10_000)
  .default(1_000);

const addressSchema = z.string().refine((address) => {
  if (!address.startsWith('tcp://') || !URL.canParse(address)) return false;
  const { hostname, port, pathname } = new URL(address);
  return hostname !== '' && port !== '' && (pathname === '' || pathname === '/');
}, 'must be tcp://host:port');

const baudRate = z.int().min(1_200).max(115_200).default(9_600);

/** A Modbus line. */
export const busSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    id: idSchema,
    kind: z.literal('modbus-rtu'),
    port: z
      .string()
      .startsWith('/', 'must be a path such as /dev/serial/by-id/usb-... (kadoru-device scan)'),
    baudRate,
    parity: z.enum(['none', 'even', 'odd']).default('none'),
    stopBits: z.literal([1, 2]).default(1),
    timeoutMs,
  }),
  z.strictObject({
    id: idSchema,
    kind: z.literal('modbus-rtu-tcp'),
    address: addressSchema,
    /** Of the serial side, which the server is set to: only for how long answers take. */
    baudRate,
    timeoutMs,
  }),
  z.strictObject({
    id: idSchema,
    kind: z.literal('modbus-tcp'),
    address: addressSchema,
    timeoutMs,
  }),
]);
export type BusConfig = z.infer<typeof busSchema>;

const quantity = z.enum(modbusQuantities);
/** Which register of the profile a quantity is, and whether the wiring turns its sign. */
const source = z.union([
  quantity.transform((register) => ({ register, sign: 1 as const })),
  z.strictObject({ register: quantity, sign: z.literal([1, -1]).default(1) }),
]);

const quantitiesSchema = z.union([
  z
    .array(quantity)
    .min(1)
    .transform((names) =>
      Object.fromEntries(names.map((name) => [name, { register: name, sign: 1 as const }])),
    ),
  z.partialRecord(quantity, source),
]);

export const modbusMeterSchema = z.strictObject({
  id: idSchema,
  kind: z.literal('modbus'),
  bus: idSchema,
  unit: z.int().min(0).max(255),
  /** Built in, or one of `modbusProfiles`. */
  profile: idSchema,
  /** What to read: `[imported, power]`, or `{ generated: imported }` where the wiring gives a register another meaning. */
  quantities: quantitiesSchema.optional(),
  serial: z.string().min(1).max(100).optional(),
  sampleSeconds: z.number().min(0.5).max(86_400).default(60),
});
export type ModbusMeterConfig = z.infer<typeof modbusMeterSchema>;

export const profilesSchema = z.record(idSchema, profileSchema).default({});

/** What the Modbus part of a device needs of its configuration. */
export interface ModbusConfig {
  readonly buses: readonly BusConfig[];
  readonly meters: readonly ModbusMeterConfig[];
  readonly profiles: z.infer<typeof profilesSchema>;
}

/** Where a bus is, for people. */
export function placeOf(bus: BusConfig): string {
  return bus.kind === 'modbus-rtu' ? bus.port : bus.address;
}
