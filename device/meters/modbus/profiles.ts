import type { z } from 'zod';
import { type Profile, profileSchema } from './profile.ts';

const kilowattHours = { function: 4, type: 'float32', scale: 1_000 } as const;

/**
 * Eastron's single-phase meters, input registers 30073, 30075 and 30013 of "SDM120/SDM230 Modbus Protocol". The serial
 * number (464513) is remembered from the same documents and was never seen on a meter: one that refuses it is read
 * without.
 */
const singlePhaseEastron = {
  maker: 'Eastron',
  serial: { function: 3, address: 0xfc00, type: 'uint32' },
  registers: {
    imported: { ...kilowattHours, address: 0x0048 },
    exported: { ...kilowattHours, address: 0x004a },
    power: { function: 4, address: 0x000c, type: 'float32' },
  },
} as const;

const data = {
  sdm120: { ...singlePhaseEastron, model: 'SDM120' },
  sdm230: { ...singlePhaseEastron, model: 'SDM230' },
  /** Its total power is at 30053: 0x000c is phase 1 alone. */
  sdm630: {
    ...singlePhaseEastron,
    model: 'SDM630',
    registers: {
      ...singlePhaseEastron.registers,
      power: { function: 4, address: 0x0034, type: 'float32' },
    },
  },
  /** Registers 3204, 3208, 3060 and 130 of Schneider's iEM3000 list; not every model has the second. */
  iem3000: {
    maker: 'Schneider Electric',
    model: 'iEM3000',
    serial: { function: 3, address: 0x0081, type: 'uint32' },
    registers: {
      imported: { function: 3, address: 0x0c83, type: 'int64' },
      exported: { function: 3, address: 0x0c87, type: 'int64' },
      power: { function: 3, address: 0x0bf3, type: 'float32', scale: 1_000 },
    },
  },
  /** From third parties: check the manual of your meter, and one reading against its display. */
  'km-n1': {
    maker: 'Omron',
    model: 'KM-N1',
    registers: {
      imported: { function: 3, address: 0x0200, type: 'uint32' },
      exported: { function: 3, address: 0x0202, type: 'uint32' },
    },
  },
} as const satisfies Record<string, z.input<typeof profileSchema>>;

/** Profiles that nobody checked against the maker's manual. */
export const uncheckedProfiles: ReadonlySet<string> = new Set(['km-n1']);

/** The kinds of meters that need no description in the configuration. */
export const builtInProfiles: Readonly<Record<string, Profile>> = Object.fromEntries(
  Object.entries(data).map(([name, profile]) => [name, profileSchema.parse(profile)]),
);
