import type { ActivityClass } from './evidence.ts';
import type { Fuel, Item } from './methodology.ts';

/** One line of a list that is handed in: whose meter, of what, how good, and of which fuel where one is burnt. */
export interface ListedMeter {
  readonly member: string;
  readonly meter: string;
  readonly item: Item;
  readonly class: ActivityClass;
  readonly fuel?: Fuel | undefined;
}

export interface MixedList {
  readonly item: Item;
  readonly what: 'class' | 'fuel';
  readonly values: readonly string[];
  /** The first line of each value after the first. */
  readonly meters: readonly string[];
}

/** Classes and fuels are never mixed in one list: what is mixed in this one, by item; none is as it should be. */
export function mixedIn(list: readonly ListedMeter[]): MixedList[] {
  const items = [...new Set(list.map(({ item }) => item))];
  return items.flatMap((item) => {
    const lines = list.filter((line) => line.item === item);
    return [
      ...mixed(item, 'class', lines, (line) => line.class),
      ...mixed(item, 'fuel', lines, (line) => line.fuel ?? 'none'),
    ];
  });
}

function mixed(
  item: Item,
  what: MixedList['what'],
  lines: readonly ListedMeter[],
  of: (line: ListedMeter) => string,
): MixedList[] {
  const firsts = new Map<string, string>();
  for (const line of lines) if (!firsts.has(of(line))) firsts.set(of(line), line.meter);
  if (firsts.size < 2) return [];
  return [{ item, what, values: [...firsts.keys()], meters: [...firsts.values()].slice(1) }];
}
