import { z } from 'zod';
import { type Mistake, twice, unknown } from '../../config/references.ts';
import { type ModbusMeterConfig, modbusMeterSchema, profilesSchema } from './config.ts';
import { findProfile, mapRegisters } from './mapping.ts';
import type { Profile } from './profile.ts';
import { builtInProfiles } from './profiles.ts';

/** As in config/references.ts: whatever is wrong by itself is left out here, so that all mistakes show at once. */
const text = z.string().optional().catch(undefined);
const list = <T extends z.ZodType>(schema: T) =>
  z.array(schema.or(z.undefined()).catch(undefined)).catch([]);
const { unit, quantities } = modbusMeterSchema.shape;
const sketchSchema = z.looseObject({
  buses: list(z.looseObject({ id: text, kind: text, port: text, address: text })),
  meters: list(
    z.looseObject({
      kind: z.literal('modbus'),
      bus: text,
      unit: unit.optional().catch(undefined),
      profile: text,
      quantities: quantities.catch(undefined),
    }),
  ),
  modbusProfiles: z.record(z.string(), z.unknown()).catch({}),
});

/** Serial lines have 247 addresses (MODBUS over Serial Line V1.02, 2.2); 0 is for broadcasts. */
const lastSerialUnit = 247;

/** Checks what Modbus meters refer to, and that no register is read twice. */
export function checkModbusReferences(document: unknown): Mistake[] {
  const sketch = sketchSchema.safeParse(document);
  if (!sketch.success) return [];
  const { buses, meters, modbusProfiles } = sketch.data;
  const own = readable(modbusProfiles);
  const places = meters.flatMap((meter, index) =>
    meter === undefined ? [] : [{ ...meter, path: `meters[${index}]` }],
  );
  return [
    ...unknown(
      'bus',
      buses.map((bus) => bus?.id),
      places.map(({ path, bus }) => ({ path: `${path}.bus`, thing: bus })),
    ),
    ...twice(
      'bus id',
      buses.map((bus, index) => ({ path: `buses[${index}].id`, thing: bus?.id })),
    ),
    ...twice(
      'bus',
      buses.flatMap((bus, index) => [
        { path: `buses[${index}].port`, thing: bus?.port },
        { path: `buses[${index}].address`, thing: bus?.address },
      ]),
    ),
    ...unknown(
      'profile',
      [...Object.keys(builtInProfiles), ...Object.keys(modbusProfiles)],
      places.map(({ path, profile }) => ({ path: `${path}.profile`, thing: profile })),
    ),
    ...places.flatMap(({ path, bus, unit }) => {
      const kind = buses.find((known) => known?.id === bus)?.kind;
      const serial = kind === 'modbus-rtu' || kind === 'modbus-rtu-tcp';
      if (!serial || unit === undefined || (unit >= 1 && unit <= lastSerialUnit)) return [];
      return [
        { path: `${path}.unit`, message: `must be 1 to 247 on a serial line; found ${unit}` },
      ];
    }),
    ...checkRegisters(places, own),
  ];
}

interface Place {
  readonly path: string;
  readonly bus?: string | undefined;
  readonly unit?: number | undefined;
  readonly profile?: string | undefined;
  readonly quantities?: ModbusMeterConfig['quantities'];
}

/** That the profile has what is asked for, and that no two meters read one register of one unit. */
function checkRegisters(places: readonly Place[], own: Record<string, Profile>): Mistake[] {
  const mapped = places.flatMap((place) => {
    const profile = place.profile === undefined ? undefined : findProfile(place.profile, own);
    return profile === undefined ? [] : [{ ...place, ...mapRegisters(place, profile) }];
  });
  return [
    ...mapped.flatMap(({ path, mistakes }) =>
      mistakes.map(({ key, message }) => ({ path: `${path}.${key}`, message })),
    ),
    ...twice(
      'register',
      mapped.flatMap(({ path, bus, unit, registers }) =>
        registers.map(({ quantity, register }) => ({
          path: `${path}.unit (${quantity})`,
          thing:
            bus === undefined || unit === undefined
              ? undefined
              : `${register.function}/${register.address} of unit ${unit} on ${bus}`,
        })),
      ),
    ),
  ];
}

function readable(profiles: Record<string, unknown>): Record<string, Profile> {
  return Object.fromEntries(
    Object.entries(profiles).flatMap(([name, profile]) => {
      const parsed = profilesSchema.safeParse({ [name]: profile });
      return parsed.success ? Object.entries(parsed.data) : [];
    }),
  );
}
