import type { Meter } from '#gateway/contract';
import { partsOf } from '../plant/meters.ts';
import { useTexts } from '../texts/texts.ts';
import type { NamedMeter } from './meter-fields.ts';

/** Registers as people know them: the name of what they hang on, and what they count. */
export function useMeterNames(meters: readonly Meter[]): readonly NamedMeter[] {
  const { quantity } = useTexts().meter;
  return meters.map((each) => [each.meter, `${each.name} ${quantity(partsOf(each).quantity)}`]);
}

/** One by its key, which stands for itself where it is not among those known. */
export function nameOf(names: readonly NamedMeter[], key: string): string {
  return names.find(([each]) => each === key)?.[1] ?? key;
}
