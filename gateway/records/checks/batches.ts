import type { KnownRecord } from '../desk.ts';
import type { Mistake } from '../refusal.ts';
import { forwards, plannedTime } from './times.ts';

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Of a draw or a batch: it may be declared ahead. */
export function stretchMistakes({ from, to }: Stretch, nowMs: number): Mistake[] {
  return [
    ...plannedTime('from', from, nowMs),
    ...plannedTime('to', to, nowMs),
    ...forwards(['from', from], ['to', to]),
  ];
}

/** One lot is not made twice at a time: its kilograms would be counted twice. */
export function batchConflicts(
  standing: readonly KnownRecord<'batch'>[],
  { lot, from, to }: Stretch & { readonly lot: string },
): Mistake[] {
  const other = standing.find(({ body }) => body.lot === lot && body.from < to && body.to > from);
  if (other === undefined) return [];
  const detail = `overlaps the batch ${other.id} of lot ${lot} (${other.body.from} to ${other.body.to})`;
  return [{ field: 'from', value: from, detail }];
}
