import { bigEndian } from '../../../device/meters/echonet/frame.ts';
import {
  answerOf,
  newRegister,
  type RegisterFault,
  type RegisterState,
  withRegisterFault,
} from './register.ts';

/** What a node says of itself. `serial` is its production number; a node may have none. */
export interface Nameplate {
  readonly maker: number;
  readonly product: string;
  readonly serial: string | undefined;
}

/** One object of a simulated node. Reading a property is an answer: it may use up a fault. */
export interface SimulatedObject {
  readonly object: number;
  /** Codes that it has. */
  readonly codes: readonly number[];
  read(code: number): Uint8Array | undefined;
  /** Something happens to the meter and every register in it. A swap takes the new serial. */
  befall(fault: RegisterFault, serial?: string): void;
  /** Registers answer the code for "no data" until told otherwise. */
  setNoData(noData: boolean): void;
}

/** A register by its code: what it counted so far, in counts, and where it wraps. */
export interface RegisterOf {
  readonly code: number;
  readonly wrapAt: number;
  readonly counted: () => number;
}

interface ObjectParts {
  readonly object: number;
  readonly nameplate: Nameplate;
  readonly registers: readonly RegisterOf[];
  /** Everything else, by code. */
  readonly others: ReadonlyMap<number, () => readonly number[]>;
}

const noData = bigEndian(0xffff_fffe, 4);
const maker = 0x8a;
const product = 0x8c;
const production = 0x8d;
const getMap = 0x9f;
const codeBytes = 12;

function createObject({ object, nameplate, registers, others }: ObjectParts): SimulatedObject {
  const states = new Map<number, RegisterState>(registers.map(({ code }) => [code, newRegister]));
  let { serial } = nameplate;
  let isNoData = false;
  const plate = new Map<number, () => readonly number[]>([
    [0x80, () => [0x30]],
    [maker, () => bigEndian(nameplate.maker, 3)],
    [product, () => ascii(nameplate.product)],
    ...(serial === undefined ? [] : [[production, () => ascii(serial ?? '')] as const]),
    ...others,
  ]);
  const codes = [...plate.keys(), getMap, ...states.keys()];
  const readRegister = ({ code, wrapAt, counted }: RegisterOf): readonly number[] => {
    const { shown, state } = answerOf(states.get(code) ?? newRegister, counted(), wrapAt);
    states.set(code, state);
    return isNoData ? noData : bigEndian(shown, 4);
  };
  return {
    object,
    codes,
    read(code) {
      const register = registers.find((known) => known.code === code);
      if (register !== undefined) return Uint8Array.from(readRegister(register));
      if (code === getMap) return Uint8Array.from(propertyMap(codes));
      const edt = plate.get(code)?.();
      return edt === undefined ? undefined : Uint8Array.from(edt);
    },
    befall(fault, newSerial) {
      for (const { code, wrapAt, counted } of registers) {
        const state = states.get(code) ?? newRegister;
        states.set(code, withRegisterFault(state, fault, counted(), wrapAt));
      }
      if (newSerial !== undefined) serial = newSerial;
    },
    setNoData(noData) {
      isNoData = noData;
    },
  };
}

/** 0x0279: 0.001 kWh, up to 999,999,999. */
const thousandthsWrapAt = 1_000_000_000;

export interface PvValues {
  readonly powerW: number;
  readonly generatedWh: number;
  /** A node that does not measure what was sold does not have the property. */
  readonly exportedWh?: number;
}

export function pvObject(
  instance: number,
  nameplate: Nameplate,
  values: () => PvValues,
): SimulatedObject {
  const register = (code: number, counted: () => number): RegisterOf => ({
    code,
    wrapAt: thousandthsWrapAt,
    counted,
  });
  return createObject({
    object: 0x0279 * 256 + instance,
    nameplate,
    registers: [
      register(0xe1, () => values().generatedWh),
      ...(values().exportedWh === undefined
        ? []
        : [register(0xe3, () => values().exportedWh ?? 0)]),
    ],
    others: new Map([[0xe0, () => bigEndian(Math.round(values().powerW), 2)]]),
  });
}

export interface FuelCellValues {
  readonly powerW: number;
  readonly generatedWh: number;
  /** Cumulative and present gas, dm3 and dm3/h as the meter has them (not normal cubic metres). */
  readonly gasDm3: number;
  readonly gasDm3PerH: number;
}

export function fuelCellObject(
  instance: number,
  nameplate: Nameplate,
  values: () => FuelCellValues,
): SimulatedObject {
  return createObject({
    object: 0x027c * 256 + instance,
    nameplate,
    registers: [
      { code: 0xc5, wrapAt: thousandthsWrapAt, counted: () => values().generatedWh },
      { code: 0xc8, wrapAt: thousandthsWrapAt, counted: () => values().gasDm3 },
    ],
    others: new Map([
      [0xc4, () => bigEndian(Math.round(values().powerW), 2)],
      [0xc7, () => bigEndian(Math.round(values().gasDm3PerH), 2)],
      // Generating, or stopped.
      [0xcb, () => [values().powerW > 0 ? 0x41 : 0x42]],
    ]),
  });
}

export interface SmartMeterValues {
  /** Bought less sold at this moment. */
  readonly powerW: number;
  readonly importedWh: number;
  readonly exportedWh: number;
}

/** How a smart meter counts: D3, the code of E1 with what it means in Wh, and D7. */
export interface SmartMeterCounting {
  readonly coefficient: number;
  readonly unitCode: number;
  readonly unitWh: number;
  readonly digits: number;
}

export function smartMeterObject(
  instance: number,
  nameplate: Nameplate,
  counting: SmartMeterCounting,
  values: () => SmartMeterValues,
): SimulatedObject {
  const { coefficient, unitCode, unitWh, digits } = counting;
  const register = (code: number, wh: () => number): RegisterOf => ({
    code,
    wrapAt: 10 ** digits,
    counted: () => Math.floor(wh() / (unitWh * coefficient)),
  });
  return createObject({
    object: 0x0288 * 256 + instance,
    nameplate,
    registers: [
      register(0xe0, () => values().importedWh),
      register(0xe3, () => values().exportedWh),
    ],
    others: new Map([
      [0xd3, () => bigEndian(coefficient, 4)],
      [0xd7, () => [digits]],
      [0xe1, () => [unitCode]],
      // Two's complement.
      [0xe7, () => bigEndian((Math.round(values().powerW) + 2 ** 32) % 2 ** 32, 4)],
    ]),
  });
}

function ascii(text: string): readonly number[] {
  const bytes = [...Buffer.from(text, 'latin1').subarray(0, codeBytes)];
  return [...bytes, ...Array.from({ length: codeBytes - bytes.length }, () => 0)];
}

/** Up to 15 codes one by one, more as 16 rows of bits (specification 1.13, part 2, appendix 1). */
export function propertyMap(codes: readonly number[]): readonly number[] {
  if (codes.length <= 15) return [codes.length, ...codes];
  const rows = Array.from({ length: 16 }, (_, low) =>
    codes
      .filter((code) => code % 16 === low)
      .reduce((bits, code) => bits | (1 << (Math.floor(code / 16) - 8)), 0),
  );
  return [codes.length, ...rows];
}
