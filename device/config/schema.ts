import { z } from 'zod';
import { catalogue, deviceIdSchema, idSchema, type QuantityName } from '#device/contract';
import { logLevels } from '../log.ts';
import {
  type EchonetMeterConfig,
  echonetMeterSchema,
  echonetSchema,
} from '../meters/echonet/config.ts';
import {
  busSchema,
  type ModbusConfig,
  modbusMeterSchema,
  profilesSchema,
} from '../meters/modbus/config.ts';
import { parsePulseRate } from '../meters/register.ts';
import { fullScales } from '../sensors/ads1115.ts';
import { boardSchema } from './boards.ts';

const seconds = z.number().min(0.1).max(86_400);
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, 'must be [lower, upper], what 4 mA and 20 mA mean');

const adcSchema = z.strictObject({
  id: idSchema,
  kind: z.literal('ads1115'),
  board: idSchema,
  /** 7 bits; the ADDR pin selects one of four. */
  address: z
    .int()
    .min(0x48, 'an ADS1115 is at 0x48 to 0x4b')
    .max(0x4b, 'an ADS1115 is at 0x48 to 0x4b'),
});

const loop = {
  kind: z.literal('current-loop'),
  adc: idSchema,
  channel: z.literal([0, 1, 2, 3]),
  shuntOhm: z.number().positive().max(1_000),
  /** Full scale of the converter's amplifier: 21 mA over 150 ohm is 3.15 V. */
  fullScaleVolts: z.literal(fullScales).default(4.096),
};
const placement = z.enum(['wall', 'ambient']);
const sensorFile = z.string().regex(/^[0-9a-f]{2}-[0-9a-f]{1,16}$/, 'must look like 28-0000001');

const packSchema = z
  .strictObject({
    id: idSchema,
    sampleSeconds: seconds.default(1),
    pressure: z.strictObject({ ...loop, rangeMpa: range }).optional(),
    temperature: z
      .discriminatedUnion('kind', [
        z.strictObject({ ...loop, rangeC: range, placement }),
        z.strictObject({ kind: z.literal('w1'), sensor: sensorFile, placement }),
      ])
      .optional(),
  })
  .refine(({ pressure, temperature }) => pressure !== undefined || temperature !== undefined, {
    error: 'needs pressure or temperature, or both',
  });

const pulsesPerKwh = z.union([z.number(), z.string()]).transform((value, context) => {
  const rate = parsePulseRate(value);
  if (typeof rate !== 'string') return rate;
  context.addIssue({ code: 'custom', message: rate, input: value });
  return z.NEVER;
});

function isEnergy(name: string): name is QuantityName {
  return Object.entries(catalogue).some(([known, { unit }]) => known === name && unit === 'Wh');
}

const registerQuantity = z
  .string()
  .refine(isEnergy, `must be one of ${Object.keys(catalogue).filter(isEnergy).join(' ')}`);

const pulseMeterSchema = z.strictObject({
  id: idSchema,
  quantity: registerQuantity,
  kind: z.literal('pulses'),
  board: idSchema,
  /** 0 and 1 are the serial line of an Arduino, and on a Pi (numbers of the chip, GPIO) the bus to a HAT's memory. */
  pin: z.int().min(2).max(127),
  pulsesPerKwh,
  sampleSeconds: seconds.default(60),
  /** Shorter pulses are not counted. Default: 5 ms on a serial port; 0 over TCP, where networks bunch reports. */
  minimumPulseMs: z.number().min(0).max(1_000).optional(),
  register: z
    .strictObject({
      wh: z.int().nonnegative(),
      asOf: z.iso.datetime({
        offset: true,
        error: 'must be a time such as 2026-04-01T00:00:00+09:00',
      }),
    })
    .optional(),
});

const meterSchema = z.discriminatedUnion('kind', [
  pulseMeterSchema,
  echonetMeterSchema,
  modbusMeterSchema,
]);

const mqttSchema = z.strictObject({
  url: z
    .string()
    .refine(
      (url) => URL.canParse(url) && ['mqtt:', 'mqtts:'].includes(new URL(url).protocol),
      'must be mqtt://host:port or mqtts://host:port',
    )
    // It is logged, and shows in process lists.
    .refine(
      (url) => !URL.canParse(url) || new URL(url).password === '',
      'must hold no password: use username and passwordFile',
    ),
  username: z.string().optional(),
  passwordFile: z.string().optional(),
  caFile: z.string().optional(),
});

/** The whole configuration. Every key has one meaning; unknown keys are refused. */
export const configSchema = z.strictObject({
  site: idSchema,
  device: deviceIdSchema,
  data: z.string().min(1),
  mqtt: mqttSchema,
  clock: z
    .strictObject({
      trust: z.enum(['timesync', 'system']).default('timesync'),
      waitSeconds: z.number().min(0).max(86_400).default(120),
    })
    .prefault({}),
  spool: z
    .strictObject({
      /** Of disk. */
      maxMegabytes: z.number().min(1).max(100_000).default(200),
      /** How often frames are made to survive a power cut; 0: each at once. */
      syncSeconds: z.number().min(0).max(3_600).default(60),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
  boards: z.array(boardSchema).max(8).default([]),
  adcs: z.array(adcSchema).max(32).default([]),
  packs: z.array(packSchema).max(32).default([]),
  meters: z.array(meterSchema).max(64).default([]),
  echonet: echonetSchema.prefault({}),
  buses: z.array(busSchema).max(16).default([]),
  /** Kinds of Modbus meters beside the built-in ones. */
  modbusProfiles: profilesSchema,
  w1: z.strictObject({ path: z.string().default('/sys/bus/w1/devices') }).prefault({}),
});

export type Config = z.infer<typeof configSchema>;
export type LoopConfig = NonNullable<Config['packs'][number]['pressure']>;
export type TemperatureConfig = NonNullable<Config['packs'][number]['temperature']>;
export type PulseMeterConfig = z.infer<typeof pulseMeterSchema>;

export function pulseMetersOf({ meters }: Config): PulseMeterConfig[] {
  return meters.filter((meter) => meter.kind === 'pulses');
}

export function echonetMetersOf({ meters }: Config): EchonetMeterConfig[] {
  return meters.filter((meter) => meter.kind === 'echonet');
}

export function modbusOf({ buses, meters, modbusProfiles }: Config): ModbusConfig {
  const own = meters.filter((meter) => meter.kind === 'modbus');
  return { buses, meters: own, profiles: modbusProfiles };
}
