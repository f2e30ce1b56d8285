/** Something wrong with a statement: the field, the value given and the way out. */
export interface Mistake {
  readonly field: string;
  readonly value: unknown;
  readonly detail: string;
}

/** A statement that is not taken. 400: wrong in itself. 404: about something unknown. 409: against what stands already. */
export interface Refusal {
  readonly kind: 'refused';
  readonly status: 400 | 404 | 409;
  readonly mistakes: readonly Mistake[];
}

/** The first group that has a mistake in it; what is wrong in itself is told before what is against others. */
export function refusal(
  mistakes: readonly Mistake[],
  conflicts: readonly Mistake[] = [],
): Refusal | undefined {
  if (mistakes.length > 0) return { kind: 'refused', status: 400, mistakes };
  if (conflicts.length > 0) return { kind: 'refused', status: 409, mistakes: conflicts };
  return undefined;
}
