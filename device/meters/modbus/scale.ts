/** A positive factor as a fraction, so that 0.1 is a tenth. */
export interface Scale {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const longestPart = 1_000_000_000n;

/** Reads `1000`, `0.01` or `"1/3600"`; answers what is wrong with it as text. */
export function parseScale(value: number | string): Scale | string {
  const match = /^(\d{1,10})(?:\.(\d{1,9}))?(?:\/(\d{1,10}))?$/.exec(String(value).trim());
  if (match === null)
    return 'must be a number such as 1000 or 0.01, or a fraction such as "1/3600"';
  const [, whole = '', decimals = '', divisor = '1'] = match;
  const numerator = BigInt(whole + decimals);
  const denominator = BigInt(divisor) * 10n ** BigInt(decimals.length);
  if (numerator === 0n || denominator === 0n) return 'must be above 0';
  if (numerator > longestPart || denominator > longestPart)
    return `both parts must be at most ${longestPart}`;
  return { numerator, denominator };
}

/** The exact product, rounded once to the nearest whole number, halves away from 0; undefined for NaN and infinities. */
export function scaledToWhole(value: number | bigint, scale: Scale): bigint | undefined {
  const exact = typeof value === 'bigint' ? { numerator: value, denominator: 1n } : fraction(value);
  if (exact === undefined) return undefined;
  const numerator = exact.numerator * scale.numerator;
  const denominator = exact.denominator * scale.denominator;
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** For quantities that need not be whole. */
export function scaledToNumber(value: number | bigint, { numerator, denominator }: Scale): number {
  return (Number(value) * Number(numerator)) / Number(denominator);
}

/** A double is a whole number times a power of two (IEEE 754, binary64). */
function fraction(value: number): Scale | undefined {
  if (!Number.isFinite(value)) return undefined;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xf_ffff_ffff_ffffn) | (biased === 0 ? 0n : 1n << 52n);
  const exponent = Math.max(biased, 1) - 1_075;
  const signed = value < 0 ? -mantissa : mantissa;
  return exponent >= 0
    ? { numerator: signed << BigInt(exponent), denominator: 1n }
    : { numerator: signed, denominator: 1n << BigInt(-exponent) };
}
