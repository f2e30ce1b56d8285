import type { Resolution } from '../../gateway/energy/resolution.ts';
import type { PlantedFault, RegisterMessage } from '../../simulators/meters/register-year.ts';
import type { Seeded } from '../faults/seeded.ts';

/** An operator who was there: what came when, and what really happened to the registers. */

const by = { by: 'operator', why: 'seen on site' };

/** Blocks that come hours or days later, and frames that come twice. */
export function asArrived(messages: readonly RegisterMessage[], seeded: Seeded): RegisterMessage[] {
  const arrivals = messages.map((message, index) => ({ message, place: index }));
  for (let block = 0; block < 60; block += 1) {
    const start = seeded.whole(0, messages.length - 600);
    const late = seeded.whole(1, 900);
    const length = seeded.whole(1, 500);
    for (const arrival of arrivals.slice(start, start + length)) arrival.place += late;
    const again = arrivals.slice(start, start + seeded.whole(1, 40));
    arrivals.push(...again.map(({ message, place }) => ({ message, place: place + late })));
  }
  return arrivals.toSorted((a, b) => a.place - b.place).map(({ message }) => message);
}

/** What an operator who was there says; undefined of what needs nobody. */
export function word(fault: PlantedFault, wrapAt: number | undefined): Resolution | undefined {
  switch (fault.kind) {
    case 'reset':
    case 'reset-in-outage':
      return { kind: 'reset-to-zero', finalWh: fault.finalWh, ...by };
    case 'swap-unannounced':
    case 'swap-serial':
    case 'swap-declared':
      return { kind: 'replaced', finalWh: fault.finalWh, startWh: fault.startWh, ...by };
    case 'wrap':
      return wrapAt === undefined ? undefined : { kind: 'wrapped', wrapAt, ...by };
    case 'wake-up-zero':
    case 'spike':
    case 'wrong-register':
      return { kind: 'error', until: fault.until, ...by };
    case 'jitter':
    case 'rollback':
    case 'gap':
    case 'no-data':
    case 'bad-values':
    case 'estimated-clock':
      return undefined;
  }
}

export const traceless = new Set<string>(['reset-in-outage', 'swap-unannounced']);

export const unread = new Set<string>(['gap', 'no-data', 'bad-values', 'estimated-clock']);
export const strange = new Set<string>(['swap-serial', 'swap-declared', 'spike', 'wrong-register']);

/** The values that count, in order of time. */
export function counting(messages: readonly RegisterMessage[]): { at: number; wh: number }[] {
  return messages.flatMap(({ at, clock, reading }) =>
    clock === 'synced' && reading !== undefined && reading.quality === 'good'
      ? [{ at, wh: reading.value ?? 0 }]
      : [],
  );
}

/** Whether an independent look at the values finds the register lower than before. */
export function falls(
  { at }: PlantedFault,
  values: readonly { at: number; wh: number }[],
): boolean {
  const index = values.findIndex((value) => value.at === at);
  return (values[index]?.wh ?? 0) < (values[index - 1]?.wh ?? 0);
}
