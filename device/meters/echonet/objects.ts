import type { QuantityName } from '#device/contract';
import { fault, type Measured } from '../../sensors/port.ts';
import { unsigned } from './frame.ts';
import {
  readRegister,
  readWatts16,
  readWatts32,
  type Scale,
  thousandths,
  wrapInUnits,
} from './numbers.ts';

/**
 * The ECHONET Lite classes that are read, as data (Appendix of device objects; facts of the task in `README.md`). The
 * same code means other things in other classes: nothing here is shared between them.
 */
export const objectNames = ['pv', 'fuel-cell', 'smart-meter'] as const;
export type ObjectName = (typeof objectNames)[number];

/** What a node has said about itself and its registers so far: by property code. */
export type Facts = ReadonlyMap<number, Uint8Array>;

export interface Measurement {
  readonly quantity: QuantityName;
  readonly epc: number;
  /** Required of every node of the class; what is optional is measured where the node has it. */
  readonly required: boolean;
  readonly kind: 'register' | 'watts16' | 'watts32';
}

export interface ObjectClass {
  readonly name: ObjectName;
  /** Class group and class. */
  readonly code: number;
  readonly measurements: readonly Measurement[];
  /** Codes that the value of a register depends on: read together with it, each time. */
  readonly scaling: readonly number[];
}

const smartMeter = { coefficient: 0xd3, multiplier: 0xd4, digits: 0xd7, unit: 0xe1 } as const;

const classes: Readonly<Record<ObjectName, ObjectClass>> = {
  pv: {
    name: 'pv',
    code: 0x0279,
    measurements: [
      { quantity: 'power', epc: 0xe0, required: true, kind: 'watts16' },
      { quantity: 'generated', epc: 0xe1, required: true, kind: 'register' },
      { quantity: 'exported', epc: 0xe3, required: false, kind: 'register' },
    ],
    scaling: [],
  },
  'fuel-cell': {
    name: 'fuel-cell',
    code: 0x027c,
    measurements: [
      { quantity: 'power', epc: 0xc4, required: true, kind: 'watts16' },
      { quantity: 'generated', epc: 0xc5, required: true, kind: 'register' },
      { quantity: 'gas', epc: 0xc8, required: false, kind: 'register' },
    ],
    scaling: [],
  },
  'smart-meter': {
    name: 'smart-meter',
    code: 0x0288,
    measurements: [
      { quantity: 'power', epc: 0xe7, required: true, kind: 'watts32' },
      { quantity: 'imported', epc: 0xe0, required: true, kind: 'register' },
      { quantity: 'exported', epc: 0xe3, required: false, kind: 'register' },
    ],
    scaling: Object.values(smartMeter),
  },
};

export function objectClass(name: ObjectName): ObjectClass {
  return classes[name];
}

/** The class of an object of three bytes; undefined for one that is not read here. */
export function classOf(object: number): ObjectClass | undefined {
  return Object.values(classes).find(({ code }) => code === object >> 8);
}

/** The value of one property. Without what the register depends on it is unknown: a factor is not guessed. */
export function readMeasurement(
  object: ObjectClass,
  { kind }: Measurement,
  edt: Uint8Array,
  facts: Facts,
  supported: ReadonlySet<number> | undefined,
): Measured {
  if (kind === 'watts16') return readWatts16(edt);
  if (kind === 'watts32') return readWatts32(edt);
  const scale = scaleOf(object, facts, supported);
  return typeof scale === 'string' ? fault('no-data') : readRegister(edt, scale);
}

/** How a register counts; what is missing or not understood as text. */
export function scaleOf(
  object: ObjectClass,
  facts: Facts,
  supported: ReadonlySet<number> | undefined,
): Scale | string {
  return object.name === 'smart-meter' ? smartMeterScale(facts, supported) : thousandths;
}

/** For `meta`, where it is known. */
export function wrapAtOf(
  object: ObjectClass,
  facts: Facts,
  supported: ReadonlySet<number> | undefined,
): number | undefined {
  const scale = scaleOf(object, facts, supported);
  return typeof scale === 'string' ? undefined : wrapInUnits(scale);
}

/** Tenths of a Wh for each code of E1; kWh 1 to 0.0001, then 10 to 10,000. */
const unitTenths: ReadonlyMap<number, bigint> = new Map([
  [0x00, 10_000n],
  [0x01, 1_000n],
  [0x02, 100n],
  [0x03, 10n],
  [0x04, 1n],
  [0x0a, 100_000n],
  [0x0b, 1_000_000n],
  [0x0c, 10_000_000n],
  [0x0d, 100_000_000n],
]);
const largestCoefficient = 999_999;
const mostDigits = 8;

/** E0 x D3 x E1, wrapping at 10^D7. D3 is optional and 1 where a node does not have it at all. */
function smartMeterScale(facts: Facts, supported: ReadonlySet<number> | undefined): Scale | string {
  const unitCode = numberOf(facts, smartMeter.unit);
  const unit = unitCode === undefined ? undefined : unitTenths.get(unitCode);
  if (unit === undefined) return `E1 (unit) is ${unitCode ?? 'missing'}`;
  if ((numberOf(facts, smartMeter.multiplier) ?? 0) !== 0)
    return 'D4 (multiplier of the coefficient) is in use, which this program does not know';
  const without = supported !== undefined && !supported.has(smartMeter.coefficient);
  const coefficient = numberOf(facts, smartMeter.coefficient) ?? (without ? 1 : undefined);
  if (coefficient === undefined || coefficient < 1 || coefficient > largestCoefficient)
    return `D3 (coefficient) is ${coefficient ?? 'missing'}`;
  const digits = numberOf(facts, smartMeter.digits);
  if (digits === undefined || digits < 1 || digits > mostDigits)
    return `D7 (digits) is ${digits ?? 'missing'}`;
  return { tenths: BigInt(coefficient) * unit, wrapAt: 10 ** digits };
}

function numberOf(facts: Facts, code: number): number | undefined {
  const edt = facts.get(code);
  return edt === undefined || edt.length === 0 || edt.length > 4 ? undefined : unsigned(edt);
}
