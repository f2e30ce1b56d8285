import { replacedWh } from './emission.ts';
import type { Item } from './methodology.ts';
import type { Boundary, RegisterLine } from './register-line.ts';

/** The registers of a formula: electricity in Wh, `gas` in dm3, `heat` in kJ. */
export type FormulaItem = Item;

/** A register's part in a formula. Several may play one part: two arrays behind one inverter each. */
export interface FormulaRegister {
  readonly item: FormulaItem;
  /** `{site}/{asset}/{quantity}`. */
  readonly register: string;
  readonly line: RegisterLine;
}

/** What each part counted; null where an event that nobody has explained is in one of its registers. */
export interface ItemAmounts {
  readonly generatedWh: number | null;
  readonly soldWh: number | null;
  readonly auxiliaryWh: number | null;
  readonly gasDm3: number | null;
  readonly heatKj: number | null;
}

/**
 * From one instant at which every register of the formula is known to the next one. `elWh` is null where a register is
 * broken in between; `events` names why. A part without a register is 0.
 */
export interface JointSpan extends ItemAmounts {
  readonly from: number;
  readonly to: number;
  readonly elWh: number | null;
  readonly events: readonly string[];
}

/** Each span begins where the last one ended. Empty without two instants at which all registers are known. */
export function jointSpans(formula: readonly FormulaRegister[]): JointSpan[] {
  const spans: JointSpan[] = [];
  let before: readonly Boundary[] | undefined;
  for (const after of jointBoundaries(formula.map(({ line }) => line))) {
    if (before !== undefined) spans.push(between(formula, before, after));
    before = after;
  }
  return spans;
}

/** The boundaries that all lines have, one of each line, in the order of the lines. */
function* jointBoundaries(lines: readonly RegisterLine[]): Generator<Boundary[], void, undefined> {
  const [leader, ...others] = lines;
  if (leader === undefined) return;
  const places = others.map(() => 0);
  for (const first of leader.boundaries) {
    const here = [first];
    for (const [index, { boundaries }] of others.entries()) {
      let place = places[index] ?? 0;
      let found = boundaries[place];
      while (found !== undefined && found.at < first.at) {
        place += 1;
        found = boundaries[place];
      }
      places[index] = place;
      if (found === undefined) return;
      if (found.at === first.at) here.push(found);
    }
    if (here.length === lines.length) yield here;
  }
}

function between(
  formula: readonly FormulaRegister[],
  before: readonly Boundary[],
  after: readonly Boundary[],
): JointSpan {
  const counted = { generated: 0, sold: 0, auxiliary: 0, gas: 0, heat: 0 };
  const broken: FormulaItem[] = [];
  const events: string[] = [];
  for (let index = 0; index < formula.length; index += 1) {
    const register = formula[index];
    const start = before[index];
    const end = after[index];
    if (register === undefined || start === undefined || end === undefined) continue;
    const { item, line } = register;
    counted[item] += end.wh - start.wh;
    if (end.segment === start.segment) continue;
    broken.push(item);
    events.push(...line.events.slice(start.segment, end.segment));
  }
  const known = (item: FormulaItem): number | null =>
    broken.includes(item) ? null : counted[item];
  return {
    from: before[0]?.at ?? 0,
    to: after[0]?.at ?? 0,
    generatedWh: known('generated'),
    soldWh: known('sold'),
    auxiliaryWh: known('auxiliary'),
    gasDm3: known('gas'),
    heatKj: known('heat'),
    elWh: broken.length > 0 ? null : replacedWh(counted.generated, counted.sold, counted.auxiliary),
    events,
  };
}
