import { japanOffsetMs } from '../energy/japan-day.ts';

/** As claims write times: ISO 8601, +09:00, milliseconds only where they are not 0. */
export function instant(atMs: number): string {
  const text = new Date(atMs + japanOffsetMs).toISOString();
  return `${text.endsWith('.000Z') ? text.slice(0, -5) : text.slice(0, -1)}+09:00`;
}

export function fromTo({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${instant(from)} to ${instant(to)}`;
}
