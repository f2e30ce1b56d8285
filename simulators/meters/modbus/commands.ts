import type { SimulatedModbusMeter } from './meter.ts';

export type ModbusCommand =
  | { readonly kind: 'cable'; readonly action: 'unplug' | 'replug' }
  | { readonly kind: 'truth' }
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'meter';
      readonly unit: number;
      readonly apply: (meter: SimulatedModbusMeter) => void;
    };

interface Verb {
  readonly help: string;
  readonly numbers: number;
  readonly apply: (meter: SimulatedModbusMeter, ...numbers: readonly number[]) => void;
}

/** What can be done to a meter: the word, what follows it, and what it does. */
const verbs: Readonly<Record<string, Verb>> = {
  imported: {
    help: 'WH     the true total imported',
    numbers: 1,
    apply: (meter, importedWh = 0) => meter.set({ importedWh }),
  },
  exported: {
    help: 'WH     the true total exported',
    numbers: 1,
    apply: (meter, exportedWh = 0) => meter.set({ exportedWh }),
  },
  power: {
    help: 'W      the power now',
    numbers: 1,
    apply: (meter, powerW = 0) => meter.set({ powerW }),
  },
  wrap: {
    help: 'AT WH  registers start again from 0 at AT, and stand WH below it now',
    numbers: 2,
    apply: (meter, atWh = 1, marginWh = 0) => meter.wrapSoon(atWh, marginWh),
  },
  reset: { help: '       registers stand at 0', numbers: 0, apply: (meter) => meter.reset() },
  swap: {
    help: 'SERIAL WH   another meter, whose registers stand at WH',
    numbers: 2,
    apply: (meter, serial = 0, wh = 0) => meter.swap(serial, wh),
  },
  'wake-up-zero': {
    help: 'N     the next N answers show 0',
    numbers: 1,
    apply: (meter, reads = 0) => meter.wakeUpZero(reads),
  },
  jitter: {
    help: 'WH     every other answer is this much too low',
    numbers: 1,
    apply: (meter, wh = 0) => meter.jitter(wh),
  },
  'wrong-word-order': {
    help: '       the words of each value in reverse',
    numbers: 0,
    apply: (meter) => meter.reverseWords(true),
  },
  late: {
    help: 'MS     answers this late',
    numbers: 1,
    apply: (meter, byMs = 0) => (meter.answering = { kind: 'late', byMs }),
  },
  'late-once': {
    help: 'MS     the next answer this late',
    numbers: 1,
    apply: (meter, byMs = 0) => (meter.answering = { kind: 'late-once', byMs }),
  },
  garbage: {
    help: 'SEED   noise for an answer',
    numbers: 1,
    apply: (meter, seed = 0) => (meter.answering = { kind: 'garbage', seed }),
  },
  'wrong-crc': {
    help: '       answers with a wrong checksum',
    numbers: 0,
    apply: (meter) => (meter.answering = { kind: 'wrong-crc' }),
  },
  silence: {
    help: '       no answers',
    numbers: 0,
    apply: (meter) => (meter.answering = { kind: 'silence' }),
  },
  heal: {
    help: '       answers in order again, without jitter, words as they should be',
    numbers: 0,
    apply: (meter) => {
      meter.answering = { kind: 'none' };
      meter.jitter(0);
      meter.wakeUpZero(0);
      meter.reverseWords(false);
    },
  },
};

export const modbusCommandHelp = [
  ...Object.entries(verbs).map(([verb, { help }]) => `UNIT ${verb} ${help}`),
  'unplug | replug   the cable',
  'truth             what is so, whatever the registers show',
  'stop',
].join('\n');

const largestNumber = 2 ** 48;

/** Reads a line from standard input; answers what is wrong with it as text. */
export function parseModbusCommand(
  line: string,
  units: ReadonlySet<number>,
): ModbusCommand | string {
  const [first = '', verbName = '', ...words] = line.trim().split(/\s+/);
  if (verbName === '') {
    if (first === 'unplug' || first === 'replug') return { kind: 'cable', action: first };
    if (first === 'truth' || first === 'stop') return { kind: first };
  }
  const verb = Object.hasOwn(verbs, verbName) ? verbs[verbName] : undefined;
  if (verb === undefined)
    return `"${line.trim().slice(0, 80)}" is no command; known:\n${modbusCommandHelp}`;
  const unit = Number(first);
  if (!units.has(unit))
    return `no unit "${first.slice(0, 20)}"; there are: ${[...units].join(' ')}`;
  const numbers = words.map(Number);
  const fits = numbers.every(
    (number) => Number.isFinite(number) && Math.abs(number) <= largestNumber,
  );
  if (words.length !== verb.numbers || !fits)
    return `${verbName} takes ${verb.numbers} number${verb.numbers === 1 ? '' : 's'}: ${verbName} ${verb.help}`;
  return { kind: 'meter', unit, apply: (meter) => verb.apply(meter, ...numbers) };
}
