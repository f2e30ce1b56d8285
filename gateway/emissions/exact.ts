/** A rational number in lowest terms; the denominator is positive. Factors and emissions are never floats. */
export interface Exact {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const zero: Exact = { numerator: 0n, denominator: 1n };

export function ratio(numerator: bigint, denominator: bigint): Exact {
  if (denominator === 0n) throw new RangeError('nothing can be divided by 0');
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = commonDivisor(numerator, denominator);
  return { numerator: (sign * numerator) / divisor, denominator: (sign * denominator) / divisor };
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger === 0n ? 1n : larger;
}

const decimalPattern = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/;
const fractionPattern = /^(-?\d{1,60})\/(\d{1,60})$/;

/** A decimal (`0.000487`) or a fraction (`97/3`), as `formatExact` writes it; undefined for anything else. */
export function parseExact(text: string): Exact | undefined {
  const fraction = fractionPattern.exec(text);
  if (fraction !== null) {
    const [, above = '', below = ''] = fraction;
    return BigInt(below) === 0n ? undefined : ratio(BigInt(above), BigInt(below));
  }
  const decimal = decimalPattern.exec(text);
  if (decimal === null) return undefined;
  const [, sign = '', whole = '', places = ''] = decimal;
  const value = ratio(BigInt(whole + places), 10n ** BigInt(places.length));
  return sign === '-' ? negated(value) : value;
}

/** The value of a text that this program or a schema has looked at before. Throws a RangeError for anything else. */
export function exact(text: string): Exact {
  const value = parseExact(text);
  if (value === undefined) throw new RangeError(`"${text}" is no decimal number`);
  return value;
}

export function whole(value: number | bigint): Exact {
  return { numerator: BigInt(value), denominator: 1n };
}

export function plus(a: Exact, b: Exact): Exact {
  return ratio(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function minus(a: Exact, b: Exact): Exact {
  return plus(a, negated(b));
}

export function times(a: Exact, b: Exact): Exact {
  return ratio(a.numerator * b.numerator, a.denominator * b.denominator);
}

export function dividedBy(a: Exact, b: Exact): Exact {
  return ratio(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function negated({ numerator, denominator }: Exact): Exact {
  return { numerator: -numerator, denominator };
}

/** Below 0 where `a` is the smaller one, 0 where they are equal. */
export function compare(a: Exact, b: Exact): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

export function sum(values: Iterable<Exact>): Exact {
  let total = zero;
  for (const value of values) total = plus(total, value);
  return total;
}

/** Largest whole number that is not above the value. */
export function floor({ numerator, denominator }: Exact): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

/** The exact decimal, or `p/q` where it does not end. */
export function formatExact({ numerator, denominator }: Exact): string {
  const places = decimalPlaces(denominator);
  if (places === undefined) return `${numerator}/${denominator}`;
  const scaled = (numerator * 10n ** BigInt(places)) / denominator;
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0');
  const cut = digits.length - places;
  const decimals = places === 0 ? '' : `.${digits.slice(cut)}`;
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, cut)}${decimals}`;
}

/** How many decimals a fraction in lowest terms with this denominator has; undefined where they never end. */
function decimalPlaces(denominator: bigint): number | undefined {
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos += 1;
  for (; rest % 5n === 0n; rest /= 5n) fives += 1;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

/** For a chart or an axis, never for an account: the nearest floating-point number. */
export function approximate(value: Exact): number {
  const micro = floor(times(value, whole(1_000_000)));
  return Number(micro) / 1_000_000;
}
