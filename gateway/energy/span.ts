/**
 * What the register did between two readings that follow each other; `from` of one is `to` of the one before.
 *
 * - `metered`: the readings are close enough to say when.
 * - `gap`: too far apart; the amount is known, when it was made is not.
 * - `withheld`: across an event that nobody has explained. Not energy, `wh` is 0.
 */
export interface Span {
  readonly kind: 'metered' | 'gap' | 'withheld';
  readonly from: number;
  readonly to: number;
  readonly wh: number;
  /** One of the two readings was `uncertain`. */
  readonly uncertain: boolean;
  /** The event in between, explained or not. */
  readonly event: string | null;
}
