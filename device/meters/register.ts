/** Pulses per kWh as a fraction in lowest terms, so that 1000 or 2000/3 imp/kWh both count exactly. */
export interface PulseRate {
  readonly pulses: number;
  readonly kwh: number;
}

/** Integer Wh, and the part of a Wh not yet whole as `remainder / per`. */
export interface Register {
  readonly wh: number;
  readonly remainder: number;
  readonly per: number;
}

const largestPart = 1_000_000_000;

/** Reads `1000`, `0.5` or `"2000/3"`; answers what is wrong with it as text. */
export function parsePulseRate(value: number | string): PulseRate | string {
  const match = /^(\d+)(?:\.(\d{1,6}))?(?:\/(\d+))?$/.exec(String(value).trim());
  if (match === null) return 'must be a number such as 1000 or 0.5, or a fraction such as "2000/3"';
  const [, whole = '', decimals = '', divisor = '1'] = match;
  const pulses = Number(whole + decimals);
  const kwh = Number(divisor) * 10 ** decimals.length;
  if (pulses === 0 || kwh === 0) return 'must be above 0';
  if (pulses > largestPart || kwh > largestPart) return `both parts must be at most ${largestPart}`;
  const shared = greatestCommonDivisor(pulses, kwh);
  return { pulses: pulses / shared, kwh: kwh / shared };
}

export function formatPulseRate({ pulses, kwh }: PulseRate): string {
  return kwh === 1 ? String(pulses) : `${pulses}/${kwh}`;
}

/** Energy of one pulse in Wh, for power. Registers count in fractions instead. */
export function whPerPulse({ pulses, kwh }: PulseRate): number {
  return (1_000 * kwh) / pulses;
}

/** A register that shows `wh`, ready to count at this rate. */
export function registerAt(wh: number, rate: PulseRate): Register {
  return { wh, remainder: 0, per: rate.pulses };
}

/** A register counted at another rate goes on at this one; less than one unit of the new remainder is rounded down. */
export function adoptRate(register: Register, { pulses }: PulseRate): Register {
  if (register.per === pulses) return register;
  const remainder = Number((BigInt(register.remainder) * BigInt(pulses)) / BigInt(register.per));
  return { wh: register.wh, remainder, per: pulses };
}

/** One more pulse: exact, since `remainder` stays below `per` and both parts are bounded. */
export function addPulse(register: Register, rate: PulseRate): Register {
  const total = register.remainder + 1_000 * rate.kwh;
  return {
    wh: register.wh + Math.floor(total / rate.pulses),
    remainder: total % rate.pulses,
    per: rate.pulses,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
