/** Registers and converter of the ADS1115 (see ads1115.ts for the source and for what is left out). */
export interface Ads1115Core {
  /** Finishes every conversion whose time has come, and starts afresh after a loss of power. */
  advance(): void;
  /** Chooses the register that `load` and `store` mean. */
  select(pointer: number): void;
  load(): number;
  store(value: number): void;
}

export interface Ads1115Options {
  /** Virtual time; conversions last by it. */
  readonly nowMs: () => number;
  /** Volts at an input against ground. */
  readonly inputVolts: (pin: 0 | 1 | 2 | 3) => number;
  readonly present: () => boolean;
  /** The supply, between 2 and 5.5 V. @default 5 */
  readonly supplyVolts?: number;
}

type Pin = 0 | 1 | 2 | 3;

/** MUX[2:0]: the positive input and the negative one; null is ground. */
const inputs: readonly (readonly [Pin, Pin | null])[] = [
  [0, 1],
  [0, 3],
  [1, 3],
  [2, 3],
  [0, null],
  [1, null],
  [2, null],
  [3, null],
];

/** PGA[2:0]: full scale in volts. */
const fullScaleVolts = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];

/** DR[2:0]: samples per second. */
const samplesPerSecond = [8, 16, 32, 64, 128, 250, 475, 860];

/** Time to leave power-down before a single conversion. */
const wakeMs = 0.025;

/** Inputs conduct to the supply through protection diodes this far beyond it. */
const clampVolts = 0.3;

const register = { conversion: 0, config: 1, lowThreshold: 2, highThreshold: 3 } as const;
const operationalStatus = 0x8000;
const singleShot = 0x0100;

/** Register values after power-up, in the order of their addresses. */
const powerUp: readonly number[] = [0x0000, 0x8583, 0x8000, 0x7fff];

interface Conversion {
  /** The configuration it was started with: a change takes effect with the next one. */
  readonly config: number;
  readonly doneAtMs: number;
}

export function createAds1115Core(options: Ads1115Options): Ads1115Core {
  const { nowMs, present } = options;
  const registers = Uint16Array.from(powerUp);
  let pointer: number = register.conversion;
  let conversion: Conversion | undefined;
  let powered = present();

  const begin = (fromMs: number): void => {
    const config = registers[register.config] ?? 0;
    conversion = { config, doneAtMs: fromMs + conversionMs(config) };
  };

  /** A chip that was pulled out comes back with its power-up values. */
  const followPower = (): void => {
    if (present() && !powered) {
      registers.set(powerUp);
      pointer = register.conversion;
      conversion = undefined;
    }
    powered = present();
  };

  return {
    advance() {
      followPower();
      while (conversion !== undefined && nowMs() >= conversion.doneAtMs) {
        const { config, doneAtMs } = conversion;
        registers[register.conversion] = convert(config, options);
        conversion = undefined;
        if (((registers[register.config] ?? 0) & singleShot) === 0) begin(doneAtMs);
      }
    },
    select(next) {
      pointer = next & 0x03;
    },
    load() {
      const value = registers[pointer] ?? 0;
      const idle = conversion === undefined;
      return pointer === register.config && idle ? value | operationalStatus : value;
    },
    store(value) {
      if (pointer === register.conversion) return;
      registers[pointer] = pointer === register.config ? value & ~operationalStatus : value;
      if (pointer !== register.config || conversion !== undefined) return;
      if ((value & singleShot) === 0) begin(nowMs());
      else if ((value & operationalStatus) !== 0) begin(nowMs() + wakeMs);
    },
  };
}

function conversionMs(config: number): number {
  return 1000 / field(samplesPerSecond, config >> 5);
}

/** One result in two's complement, clamped at full scale. */
function convert(config: number, { inputVolts, supplyVolts = 5 }: Ads1115Options): number {
  const volts = (pin: Pin): number => {
    const value = inputVolts(pin);
    if (!Number.isFinite(value)) throw new Error(`ADS1115 input ${pin}: ${value} is not a voltage`);
    return Math.min(Math.max(value, -clampVolts), supplyVolts + clampVolts);
  };
  const [positive, negative] = field(inputs, config >> 12);
  const difference = volts(positive) - (negative === null ? 0 : volts(negative));
  const counts = Math.round((difference / field(fullScaleVolts, config >> 9)) * 0x8000);
  return Math.min(Math.max(counts, -0x8000), 0x7fff) & 0xffff;
}

/** Looks a three-bit field up in its table of eight. */
function field<T>(table: readonly T[], bits: number): T {
  const entry = table[bits & 0x07];
  if (entry === undefined) throw new Error('a table for a three-bit field has eight entries');
  return entry;
}
