import { fixed } from '../format.ts';

/** Kilograms of the gateway's exact text, a decimal or `p/q`, for showing; null where there are none. */
export function kilogramsOf(exact: string | null): number | null {
  if (exact === null) return null;
  const [above = '', below = '1'] = exact.split('/');
  const kilograms = Number(above) / Number(below);
  return Number.isFinite(kilograms) ? kilograms : null;
}

/** Tonnes to a kilogram: whole tonnes are issued, and only of a whole project. */
export function tonnesText(kilograms: number): string {
  return fixed(kilograms / 1000, 3);
}
