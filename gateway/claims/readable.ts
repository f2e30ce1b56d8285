import { approximate, type Exact, formatExact } from '../emissions/exact.ts';

/** For people: exact where it ends, else cut to six places and said to be so (約). The fraction itself stands in the claim. */
export function readable(value: Exact): string {
  const text = formatExact(value);
  return text.includes('/') ? `約${approximate(value).toFixed(6)}` : text;
}
