/** One measured figure. `limit` is what an issue asks for; the printout says whether it was met. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
  readonly limit?: number;
  /** The same for what must not be less. */
  readonly least?: number;
}
