import type { FaultCommand, LoopName, LoopState } from '../faults/faults.ts';
import { type NodeCommand, nodeCommandHelp, parseNodeCommand } from '../meters/echonet/commands.ts';
import { parseModbusCommand } from '../meters/modbus/commands.ts';
import type { SimulatedModbusMeter } from '../meters/modbus/meter.ts';
import type { RigAction } from '../world/rig.ts';
import type { ThermometerState } from '../world/w1-directory.ts';
import { gridMeterUnit } from './grid-meter.ts';

export type Command =
  | FaultCommand
  | { readonly kind: 'board'; readonly action: 'unplug' | 'replug' | 'reset' }
  | { readonly kind: 'set'; readonly what: 'pressure' | 'temperature'; readonly value: number }
  | { readonly kind: 'stick'; readonly loop: LoopName }
  | { readonly kind: 'act'; readonly action: RigAction }
  | { readonly kind: 'swap'; readonly pressureMpa: number }
  | { readonly kind: 'pulses'; readonly count: number }
  | { readonly kind: 'release' }
  | { readonly kind: 'fuel-cell'; readonly node: NodeCommand }
  | { readonly kind: 'grid-meter'; readonly apply: (meter: SimulatedModbusMeter) => void }
  | { readonly kind: 'truth' }
  | { readonly kind: 'stop' };

/** One line per command, for `--help` and for the answer to a line that is none. */
const commandHelp = [
  'cut|short|mend pressure|temperature   a current loop',
  'stick pressure|temperature            its transmitter goes on driving what it drives now; `mend` ends it',
  'adc absent|present                    the ADS1115 on its bus',
  'thermometer present|missing|power-up|bus-error',
  'unplug | replug | reset               the board',
  'set pressure MPA | set temperature C  hold the pack there (gauge; gas and wall alike)',
  'release                               let a held pack go on',
  'isolate | reopen                      the stop valve before the tap; an isolated line is vented',
  'swap MPA                              isolate, exchange for a pack that shows MPA at the present air, reopen',
  'close N | open                        N more cylinders by their valves | all of them',
  'leak NLMIN                            leaves past every meter from now on; 0 mends it',
  'gauge closed|open                     the root valve before the transmitter',
  'pulses N                              N more S0 pulses, each a real one',
  ...nodeCommandHelp,
  'grid-meter wrap AT WH|reset|swap SERIAL WH|wake-up-zero N|jitter WH|wrong-word-order|late MS|silence|heal|...',
  'truth                                 what is so, whatever the sensors say',
  'stop                                  write the world down and end',
] as const;

const loopStates: ReadonlyMap<string, LoopState> = new Map([
  ['cut', 'cut'],
  ['short', 'short'],
  ['mend', 'whole'],
]);
const thermometerStates: readonly ThermometerState[] = [
  'present',
  'missing',
  'power-up',
  'bus-error',
];
const mostPulses = 100_000;

/** Reads a line from standard input; answers what is wrong with it as text. */
export function parseCommand(line: string): Command | string {
  const [verb = '', object = '', number, ...rest] = line.trim().split(/\s+/);
  if (verb === 'grid-meter') return parseGridMeter([object, number, ...rest]);
  const command = rest.length === 0 ? parseWords(verb, object, number) : undefined;
  return (
    command ?? `"${line.trim().slice(0, 80)}" is no command; known:\n${commandHelp.join('\n')}`
  );
}

function parseWords(
  verb: string,
  object: string,
  number: string | undefined,
): Command | string | undefined {
  if (verb === 'set') return parseSet(object, number);
  if (verb === 'fuel-cell') return parseFuelCell(object, number);
  if (number !== undefined) return undefined;
  return parseOnPack(verb, object) ?? parseOnParts(verb, object);
}

function parseOnParts(verb: string, object: string): Command | string | undefined {
  const loop = loopStates.get(verb);
  if (loop !== undefined)
    return isLoop(object) ? { kind: 'loop', loop: object, state: loop } : undefined;
  switch (verb) {
    case 'stick':
      return isLoop(object) ? { kind: 'stick', loop: object } : undefined;
    case 'adc':
      return object === 'absent' || object === 'present'
        ? { kind: 'adc', present: object === 'present' }
        : undefined;
    case 'thermometer':
      return parseThermometer(object);
    case 'pulses':
      return parsePulses(object);
    case 'unplug':
    case 'replug':
    case 'reset':
      return object === '' ? { kind: 'board', action: verb } : undefined;
    case 'release':
    case 'truth':
    case 'stop':
      return object === '' ? { kind: verb } : undefined;
    default:
      return undefined;
  }
}

/** What is done to the pack and its valves. */
function parseOnPack(verb: string, object: string): Command | string | undefined {
  const act = (action: RigAction): Command => ({ kind: 'act', action });
  switch (verb) {
    case 'isolate':
    case 'reopen':
      return object === '' ? act({ kind: verb }) : undefined;
    case 'open':
      return object === '' ? act({ kind: 'open-cylinders' }) : undefined;
    case 'gauge':
      return object === 'closed' || object === 'open'
        ? act({ kind: 'root-valve', open: object === 'open' })
        : undefined;
    case 'close':
    case 'leak':
    case 'swap':
      return parseAmount(verb, object);
    default:
      return undefined;
  }
}

const amounts = {
  close: { low: 1, high: 1000, unit: 'cylinders, whole' },
  leak: { low: 0, high: 2000, unit: 'NL/min' },
  swap: { low: 0.2, high: 25, unit: 'MPa gauge' },
} as const;

function parseAmount(verb: keyof typeof amounts, text: string): Command | string | undefined {
  if (text === '') return undefined;
  const amount = Number(text);
  const { low, high, unit } = amounts[verb];
  const whole = verb !== 'close' || Number.isInteger(amount);
  if (!(amount >= low && amount <= high && whole))
    return `${verb} ${text.slice(0, 20)}: give a number from ${low} to ${high} ${unit}`;
  switch (verb) {
    case 'close':
      return { kind: 'act', action: { kind: 'close-cylinders', count: amount } };
    case 'leak':
      return { kind: 'act', action: { kind: 'leak', nlPerMin: amount } };
    case 'swap':
      return { kind: 'swap', pressureMpa: amount };
  }
}

/** As a line of meters takes them; what it counts is the world's. */
function parseGridMeter(words: readonly (string | undefined)[]): Command | string {
  if (['imported', 'exported', 'power'].includes(words[0] ?? ''))
    return `grid-meter ${words[0]}: it counts what the household takes and gives`;
  const command = parseModbusCommand(
    `${gridMeterUnit} ${words.join(' ')}`,
    new Set([gridMeterUnit]),
  );
  if (typeof command === 'string') return command;
  return command.kind === 'meter'
    ? { kind: 'grid-meter', apply: command.apply }
    : `"grid-meter ${command.kind}" is no command`;
}

function parseFuelCell(what: string, detail: string | undefined): Command | string | undefined {
  const node = parseNodeCommand(what, detail);
  return typeof node === 'object' ? { kind: 'fuel-cell', node } : node;
}

const isLoop = (name: string): name is 'pressure' | 'temperature' =>
  name === 'pressure' || name === 'temperature';

function parseThermometer(name: string): Command | undefined {
  const state = thermometerStates.find((known) => known === name);
  return state === undefined ? undefined : { kind: 'thermometer', state };
}

/** What a pack can be at, and the equation is good for. */
const settable = {
  pressure: { low: 0.01, high: 40, unit: 'MPa gauge' },
  temperature: { low: -40, high: 85, unit: 'degC' },
} as const;

function parseSet(what: string, text: string | undefined): Command | string | undefined {
  if (!isLoop(what) || text === undefined) return undefined;
  const value = Number(text);
  const { low, high, unit } = settable[what];
  if (value >= low && value <= high) return { kind: 'set', what, value };
  return `set ${what} ${text.slice(0, 20)}: give a number from ${low} to ${high} ${unit}`;
}

function parsePulses(text: string): Command | string | undefined {
  if (text === '') return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= mostPulses)
    return { kind: 'pulses', count };
  return `pulses ${text.slice(0, 20)}: give a whole number from 1 to ${mostPulses}`;
}
