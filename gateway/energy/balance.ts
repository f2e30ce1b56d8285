/** What one register counted in a period: energy, and the seconds of the period that are in it. */
export interface Counted {
  readonly wh: number;
  readonly coveredSeconds: number;
  /** Up to when it was read, epoch ms. */
  readonly until: number;
}

/** Where the energy made at a site went in a period; a null is not known, never 0. */
export interface Balance {
  readonly start: number;
  readonly generatedWh: number | null;
  readonly exportedWh: number | null;
  /** Generated and not exported: used or stored at the site. */
  readonly selfConsumedWh: number | null;
  /** Percent of the period that the least complete register covers, rounded down. */
  readonly coveredPercent: number;
  /** Up to when every register was read. */
  readonly until: number | null;
}

/**
 * Self-consumption as the J-Credit methodology counts it: what was generated less what was exported
 * (facts/jcredit.md, EN-R-002). Each entry is one register, undefined where it counted nothing yet. One unknown register
 * makes its sum unknown, and more exported than generated (a battery, a meter that started earlier) leaves the difference
 * unknown: it would be a guess. Without an export register nothing can be said of where the energy went.
 */
export function balanceOf(
  start: number,
  generated: readonly (Counted | undefined)[],
  exported: readonly (Counted | undefined)[],
): Balance {
  const generatedWh = sum(generated);
  const exportedWh = sum(exported);
  const difference = (generatedWh ?? 0) - (exportedWh ?? 0);
  const known = generatedWh !== null && exportedWh !== null && difference >= 0;
  const counted = [...generated, ...exported].filter((each) => each !== undefined);
  return {
    start,
    generatedWh,
    exportedWh,
    selfConsumedWh: known ? difference : null,
    coveredPercent: Math.min(100, ...counted.map((each) => coveredPercent(start, each))),
    until: counted.length === 0 ? null : Math.min(...counted.map(({ until }) => until)),
  };
}

function sum(registers: readonly (Counted | undefined)[]): number | null {
  if (registers.length === 0) return null;
  let wh = 0;
  for (const register of registers) {
    if (register === undefined) return null;
    wh += register.wh;
  }
  return wh;
}

function coveredPercent(start: number, { coveredSeconds, until }: Counted): number {
  const seconds = Math.floor((until - start) / 1_000);
  return seconds <= 0 ? 100 : Math.floor((coveredSeconds / seconds) * 100);
}
