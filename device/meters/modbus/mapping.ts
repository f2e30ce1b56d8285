import { catalogue } from '#device/contract';
import type { ModbusMeterConfig } from './config.ts';
import { modbusQuantities, type Profile, registersOf } from './profile.ts';
import { builtInProfiles } from './profiles.ts';
import type { ReadRegister } from './reading.ts';

/** Sorted out before anything is opened: what is read, or what is wrong with the meter's settings. */
export interface Mapping {
  readonly registers: readonly ReadRegister[];
  /** Keys below the meter, and what is wrong there. */
  readonly mistakes: readonly { readonly key: string; readonly message: string }[];
}

export function findProfile(
  name: string,
  own: Readonly<Record<string, Profile>>,
): Profile | undefined {
  return Object.hasOwn(own, name) ? own[name] : builtInProfiles[name];
}

/** Joins what a meter is asked for with where its profile keeps it. */
export function mapRegisters(
  { quantities }: Pick<ModbusMeterConfig, 'quantities'>,
  { registers }: Profile,
): Mapping {
  const all = registersOf(registers);
  if (quantities === undefined) return { registers: all, mistakes: [] };
  const found: ReadRegister[] = [];
  const mistakes: { key: string; message: string }[] = [];
  const taken = new Map<string, string>();
  for (const quantity of modbusQuantities) {
    const source = quantities[quantity];
    if (source === undefined) continue;
    const key = `quantities.${quantity}`;
    const register = registers[source.register];
    const other = taken.get(source.register);
    taken.set(source.register, key);
    if (register === undefined) {
      const known = all.map((read) => read.quantity).join(' ');
      mistakes.push({ key, message: `the profile has no "${source.register}"; it has: ${known}` });
    } else if (other !== undefined)
      mistakes.push({ key, message: `register "${source.register}" is already read for ${other}` });
    else if (catalogue[quantity].unit !== catalogue[source.register].unit)
      mistakes.push({
        key,
        message: `"${quantity}" is in ${catalogue[quantity].unit}, register "${source.register}" in ${catalogue[source.register].unit}`,
      });
    else {
      const sign = register.sign === source.sign ? 1 : -1;
      found.push({ quantity, register: { ...register, sign } });
    }
  }
  return { registers: found, mistakes };
}
