import { z } from 'zod';
import type { QuantityName } from '#device/contract';
import { parseScale } from './scale.ts';
import { typeWords, wordTypes } from './words.ts';

/** What a register may hold. Its unit is the quantity's: Wh, W, kJ or dm3 after `scale`. */
export const modbusQuantities = [
  'generated',
  'exported',
  'imported',
  'consumed',
  'auxiliary',
  'charged',
  'discharged',
  'heat',
  'gas',
  'power',
] as const satisfies readonly QuantityName[];
export type ModbusQuantity = (typeof modbusQuantities)[number];

const scale = z.union([z.number(), z.string()]).transform((value, context) => {
  const parsed = parseScale(value);
  if (typeof parsed !== 'string') return parsed;
  context.addIssue({ code: 'custom', message: parsed, input: value });
  return z.NEVER;
});

const place = {
  function: z.literal([3, 4], 'must be 3 (holding registers) or 4 (input registers)'),
  /** As on the wire, from 0: manuals that print 30073 or 3204 mean 72 and 3203. */
  address: z.int().min(0).max(0xffff),
  wordOrder: z.enum(['big', 'little']).default('big'),
  byteSwap: z.boolean().default(false),
};

const registerSchema = z.strictObject({
  ...place,
  type: z.enum(wordTypes),
  /** To the unit of the quantity. */
  scale: scale.prefault(1),
  sign: z.literal([1, -1]).default(1),
  /** Bits that mean "unknown"; 64-bit ones as text, such as "0xffffffffffffffff". */
  noData: z
    .union([z.int(), z.string().regex(/^0x[0-9a-fA-F]{1,16}$/, 'must look like "0xffffffff"')])
    .optional(),
  /** At how many units of the quantity the register starts again from 0. */
  wrapAt: z.int().positive().optional(),
});
export type RegisterSpec = z.infer<typeof registerSchema>;

const serialSchema = z.strictObject({ ...place, type: z.enum(['uint16', 'uint32', 'uint64']) });
export type SerialSpec = z.infer<typeof serialSchema>;

/** A kind of meter: where it keeps what. */
export const profileSchema = z
  .strictObject({
    maker: z.string().max(100).optional(),
    model: z.string().max(100).optional(),
    serial: serialSchema.optional(),
    registers: z
      .partialRecord(z.enum(modbusQuantities), registerSchema)
      .refine((registers) => Object.keys(registers).length > 0, 'needs at least one register'),
  })
  .superRefine(({ registers }, context) => {
    for (const { quantity, message } of overlaps(registers))
      context.addIssue({ code: 'custom', path: ['registers', quantity, 'address'], message });
  });
export type Profile = z.infer<typeof profileSchema>;

/** The quantities a profile has a register for, in the order of `modbusQuantities`. */
export function registersOf(
  registers: Profile['registers'],
): { readonly quantity: ModbusQuantity; readonly register: RegisterSpec }[] {
  return modbusQuantities.flatMap((quantity) => {
    const register = registers[quantity];
    return register === undefined ? [] : [{ quantity, register }];
  });
}

function overlaps(registers: Profile['registers']): { quantity: string; message: string }[] {
  const all = registersOf(registers);
  return all.flatMap(({ quantity, register }, index) => {
    const other = all.slice(0, index).find((before) => overlap(before.register, register));
    if (other === undefined) return [];
    return [{ quantity, message: `overlaps the registers of ${other.quantity}` }];
  });
}

function overlap(a: RegisterSpec, b: RegisterSpec): boolean {
  return a.function === b.function && a.address < endOf(b) && b.address < endOf(a);
}

function endOf({ address, type }: RegisterSpec): number {
  return address + typeWords[type];
}
