import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { Complaint, mistakes, reasonOf } from '../complaint.ts';
import { drawVolumeRatio } from '../world/instruments.ts';
import {
  holdPack,
  newWorld,
  releasePack,
  truthOf,
  type WorldSetup,
  type WorldState,
} from '../world/world.ts';
import { fuelCellSchema } from './fuel-cell.ts';
import { gridMeterSchema } from './grid-meter.ts';
import { classesSchema, loopsSchema } from './instruments.ts';

const drawSchema = z
  .strictObject({
    batchNlPerMin: z.number().min(0).max(2000).default(250),
    batchMinutes: z.number().min(0).max(1440).default(45),
    cycleMinutes: z.number().positive().max(1440).default(60),
    firstBatchAt: z.iso.datetime({ offset: true }).default('2026-01-01T00:00:00+09:00'),
  })
  .refine((draw) => draw.batchMinutes <= draw.cycleMinutes, {
    path: ['batchMinutes'],
    error: 'must not be longer than cycleMinutes',
  });

/** Where Firmata is served: `tcp://host:port` (0 = any free port) or `pty:/path/of/the/link`. */
const listenPattern = /^(tcp:\/\/[^/:]+:\d{1,5}|pty:\/.+)$/;
export const listenSchema = z
  .string()
  .regex(listenPattern, 'write tcp://127.0.0.1:3030 or pty:/path/of/link');

const scenarioObject = z.strictObject({
  seed: z.int().min(0).max(0xffff_ffff).default(20_260_401),
  place: z
    .strictObject({
      latitudeDeg: z.number().min(-90).max(90),
      longitudeDeg: z.number().min(-180).max(180),
    })
    .default({ latitudeDeg: 35.63, longitudeDeg: 139.76 }),
  pack: z
    .strictObject({
      openCylinders: z.int().min(1).max(1000).default(30),
      cylinderLitres: z.number().positive().max(1000).default(50),
      exchangeAtMpa: z.number().min(0.1).max(15).default(1.15),
      startsAtMpa: z.number().min(0.2).max(19.6).optional(),
      draw: drawSchema.prefault({}),
    })
    .prefault({}),
  array: z
    .strictObject({
      peakKw: z.number().min(0).max(1000).default(5),
      tiltDeg: z.number().min(0).max(90).default(30),
      azimuthDeg: z.number().min(0).max(360).default(180),
    })
    .prefault({}),
  meter: z
    .strictObject({
      pulsesPerKwh: z
        .int()
        .positive()
        .refine((pulses) => 3_600_000_000 % pulses === 0, {
          error:
            'must divide 3,600,000,000 mJ (1 kWh), so that pulses are exact: 500, 800, 1000, 2000, ...',
        })
        .default(1000),
      pin: z.int().min(2).max(13).default(2),
      displayWh: z.int().min(0).max(999_999_999).default(1_234_567),
    })
    .prefault({}),
  fuelCell: fuelCellSchema.prefault({}),
  gridMeter: gridMeterSchema.prefault({}),
  loops: loopsSchema.prefault({}),
  classes: classesSchema.optional(),
  thermometer: z
    .strictObject({
      directory: z.string().min(1),
      sensor: z
        .string()
        .regex(/^28-[0-9a-f]+$/, 'a DS18B20 is named 28-0000001')
        .default('28-0000001'),
      placement: z.enum(['wall', 'ambient']).default('ambient'),
    })
    .optional(),
  listen: listenSchema.default('tcp://127.0.0.1:0'),
  data: z.string().min(1).optional(),
  /** Time of the world's clock at its first start; otherwise the present. */
  startsAt: z.iso.datetime({ offset: true }).optional(),
  speed: z.number().positive().max(10_000).default(1),
});

/** One statement of what is inexact. */
const scenarioSchema = scenarioObject.superRefine(({ loops, classes }, context) => {
  for (const name of ['pressure', 'temperature'] as const)
    if (classes !== undefined && loops[name].accuracyPercent > 0)
      context.addIssue({
        code: 'custom',
        path: ['loops', name, 'accuracyPercent'],
        message: 'the chain is described by classes: give one or the other',
        input: loops[name].accuracyPercent,
      });
});

export type Scenario = z.infer<typeof scenarioSchema>;

/** Reads a scenario; relative folders are taken from the file's own. Throws a Complaint with every mistake. */
export async function loadScenario(path: string): Promise<Scenario> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Complaint(`--config ${path}: cannot be read (${reasonOf(error)})`);
  });
  const scenario = parseScenario(text, path);
  const folder = dirname(resolve(path));
  return {
    ...scenario,
    ...(scenario.data !== undefined && { data: resolve(folder, scenario.data) }),
    ...(scenario.thermometer !== undefined && {
      thermometer: {
        ...scenario.thermometer,
        directory: resolve(folder, scenario.thermometer.directory),
      },
    }),
  };
}

/** Reads a scenario's YAML; `source` names it in complaints. An empty text is the scenario of all defaults. */
export function parseScenario(text: string, source: string): Scenario {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new Complaint(`${source} is not YAML: ${document.errors.map(reasonOf).join('; ')}`);
  const parsed = scenarioSchema.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (!parsed.success) throw mistakes(source, parsed.error);
  return parsed.data;
}

export function worldSetup({
  seed,
  place,
  pack,
  array,
  meter,
  fuelCell,
  gridMeter,
  classes,
}: Scenario): WorldSetup {
  const { firstBatchAt, ...draw } = pack.draw;
  const volumeRatio = drawVolumeRatio(seed, classes?.volumePercent ?? 0);
  return {
    climate: { seed, place },
    pack: {
      openCylinders: pack.openCylinders,
      cylinderLitres: pack.cylinderLitres * volumeRatio,
      exchangeAtMpa: pack.exchangeAtMpa,
      draw: { ...draw, firstBatchAtMs: Date.parse(firstBatchAt) },
    },
    array,
    pulsesPerKwh: meter.pulsesPerKwh,
    fuelCell,
    grid: gridMeter,
  };
}

/** The world as the scenario begins it, at a time of the world's clock. */
export function firstWorld(scenario: Scenario, worldMs: number): WorldState {
  const setup = worldSetup(scenario);
  const state = newWorld(setup, worldMs, scenario.meter.displayWh);
  const { startsAtMpa } = scenario.pack;
  if (startsAtMpa === undefined) return state;
  return releasePack(holdPack(setup, state, startsAtMpa, truthOf(setup, state).ambientC));
}
