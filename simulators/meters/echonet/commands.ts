import type { EchonetNode } from './node.ts';
import type { SimulatedObject } from './objects.ts';

/** What can be done to a node and the meter in it, as words on a console. */
export type NodeCommand =
  | { readonly what: 'answer' | 'silence' | 'garbage' | 'partial' | 'no-data' | 'data' | 'reset' }
  | { readonly what: 'late' | 'wrap' | 'wake-up' | 'jitter'; readonly amount: number }
  | { readonly what: 'swap'; readonly serial: string };

export const nodeCommandHelp = [
  'fuel-cell answer|silence|garbage      how its ECHONET Lite node behaves from now on',
  'fuel-cell late MS                     it answers so much later',
  'fuel-cell partial                     it refuses its registers; `answer` ends it',
  'fuel-cell no-data | data              its registers say "no data", or count again',
  'fuel-cell wrap COUNTS | reset         its registers stand so far below their wrap, or at 0',
  'fuel-cell swap SERIAL                 another meter, new, is in its place',
  'fuel-cell wake-up ANSWERS             its next answers show 0',
  'fuel-cell jitter COUNTS               every other answer is so much too low; 0 ends it',
] as const;

const plain = ['answer', 'silence', 'garbage', 'partial', 'no-data', 'data', 'reset'] as const;
const amounts = {
  late: { low: 1, high: 60_000 },
  wrap: { low: 1, high: 999_999_999 },
  'wake-up': { low: 1, high: 1_000 },
  jitter: { low: 0, high: 1_000 },
} as const;

/** Reads the words after the node's name; answers what is wrong with them as text, undefined for no command at all. */
export function parseNodeCommand(
  what: string,
  detail: string | undefined,
): NodeCommand | string | undefined {
  const known = plain.find((word) => word === what);
  if (known !== undefined) return detail === undefined ? { what: known } : undefined;
  if (detail === undefined) return undefined;
  if (what === 'swap')
    return /^[A-Za-z0-9-]{1,12}$/.test(detail)
      ? { what, serial: detail }
      : 'fuel-cell swap: a serial is 1 to 12 letters, digits or hyphens';
  if (what !== 'late' && what !== 'wrap' && what !== 'wake-up' && what !== 'jitter')
    return undefined;
  const amount = Number(detail);
  const { low, high } = amounts[what];
  return Number.isInteger(amount) && amount >= low && amount <= high
    ? { what, amount }
    : `fuel-cell ${what} ${detail.slice(0, 20)}: give a whole number from ${low} to ${high}`;
}

const garbageSeed = 1;

/** Carries a command out. `registers` are the codes that a partial answer leaves out. */
export function obey(
  node: Pick<EchonetNode, 'setManner'>,
  meter: SimulatedObject,
  registers: readonly number[],
  command: NodeCommand,
): void {
  switch (command.what) {
    case 'answer':
    case 'silence':
      node.setManner({ kind: command.what });
      return;
    case 'garbage':
      node.setManner({ kind: 'garbage', seed: garbageSeed });
      return;
    case 'partial':
      node.setManner({ kind: 'partial', without: registers });
      return;
    case 'late':
      node.setManner({ kind: 'late', byMs: command.amount });
      return;
    case 'no-data':
    case 'data':
      meter.setNoData(command.what === 'no-data');
      return;
    case 'reset':
      meter.befall({ kind: 'reset' });
      return;
    case 'wrap':
      meter.befall({ kind: 'wrap', below: command.amount });
      return;
    case 'wake-up':
      meter.befall({ kind: 'wake-up', zeros: command.amount });
      return;
    case 'jitter':
      meter.befall({ kind: 'jitter', counts: command.amount });
      return;
    case 'swap':
      meter.befall({ kind: 'swap', startsAt: 0 }, command.serial);
  }
}
