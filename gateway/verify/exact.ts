/** A fraction in lowest terms; `of` is positive. */
export interface Exact {
  readonly parts: bigint;
  readonly of: bigint;
}

export const zero: Exact = { parts: 0n, of: 1n };

export function exact(parts: bigint, of = 1n): Exact {
  const sign = of < 0n ? -1n : 1n;
  const divisor = commonDivisor(parts < 0n ? -parts : parts, of * sign);
  return { parts: (sign * parts) / divisor, of: (sign * of) / divisor };
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

/** Reads `-1.25` or `1/3`; the text has been checked against the contract. */
export function readExact(text: string): Exact {
  const [above = '0', below] = text.split('/');
  if (below !== undefined) return exact(BigInt(above), BigInt(below));
  const [whole = '0', decimals = ''] = above.split('.');
  return exact(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
}

/** As the contract writes it: a decimal where it ends, else `p/q`. */
export function writeExact({ parts, of }: Exact): string {
  const digits = decimalsOf(of);
  if (digits === undefined) return `${parts}/${of}`;
  const sign = parts < 0n ? '-' : '';
  const scaled = ((parts < 0n ? -parts : parts) * 10n ** BigInt(digits)) / of;
  const text = scaled.toString().padStart(digits + 1, '0');
  return digits === 0
    ? `${sign}${text}`
    : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** How many digits behind the point 1/of has; undefined where it has no end. */
function decimalsOf(of: bigint): number | undefined {
  let rest = of;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; twos += 1) rest /= 2n;
  for (; rest % 5n === 0n; fives += 1) rest /= 5n;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

export function plus(a: Exact, b: Exact): Exact {
  return exact(a.parts * b.of + b.parts * a.of, a.of * b.of);
}

export function minus(a: Exact, b: Exact): Exact {
  return exact(a.parts * b.of - b.parts * a.of, a.of * b.of);
}

export function times(a: Exact, b: Exact): Exact {
  return exact(a.parts * b.parts, a.of * b.of);
}

export function isBelow(a: Exact, b: Exact): boolean {
  return a.parts * b.of < b.parts * a.of;
}

/** The largest whole number not above it. */
export function floor({ parts, of }: Exact): bigint {
  const towardsZero = parts / of;
  return parts < 0n && parts % of !== 0n ? towardsZero - 1n : towardsZero;
}
