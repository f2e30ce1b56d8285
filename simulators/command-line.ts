import { parseArgs } from 'node:util';
import { z } from 'zod';
import { deviceIdSchema, idSchema } from '#device/contract';
import { reasonOf, UsageMistake } from './complaint.ts';
import { modbusMetersSchema } from './meters/modbus/options.ts';
import { listenSchema } from './scenarios/scenario.ts';

export const usage = `kadoru-simulate: the other side of every wire, so that the real programs run without hardware

  kadoru-simulate plant [--config FILE] [--listen tcp://HOST:PORT | pty:PATH] [--data DIR] [--speed N] [--seed N]
      A pack, a PV array and their instruments, wired to an Uno that runs the real StandardFirmata, at real time;
      a fuel cell that speaks ECHONET Lite, and a meter at the grid connection that speaks Modbus TCP.
      Commands on standard input, answers as JSON lines on standard output; it ends with its input.
  kadoru-simulate fill --http URL --mqtt URL [--config FILE] [--data DIR] [--site ID] [--device ID] [--pack ID] [--meter ID]
                       [--fuel-cell ID] [--grid-meter ID] [--sold-meter ID]
      The same world from the last stored reading (or the last 24 h) to now, sent as history and confirmed.
  kadoru-simulate demo [--http-port 8080] [--mqtt-port 1883] [--data .data/demo] [--speed 1]
      Gateway, fill, plant and device together, each a process of its own; prints one URL. This is \`npm start\`.

  kadoru-simulate modbus --listen tcp://HOST:PORT | pty:PATH --meters 1=sdm230,2=iem3155 [--protocol rtu | tcp]
      Modbus meters on one line: RTU on a pseudo-terminal or as a serial server does it, or Modbus TCP. Commands and
      answers as with a plant.

  kadoru-simulate year --homes N --seed S --out DIR [--fiscal-year 2025]
      A fiscal year of homes with faults through a real gateway, to DIR/claim/ of their roofs, DIR/claim-fuel-cell/ of
      every fifth home, DIR/public.pem and DIR/truth.json.

  --check      validate configuration and options and say what would be opened
  --help, --version
`;

const hint = '`kadoru-simulate --help` says what there is';

const speed = z.coerce.number().positive().max(10_000);
const port = z.coerce.number().int().min(0).max(65_535);
const check = z.boolean().default(false);
const config = z.string().min(1).optional();
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `is no URL of the kind ${protocols.map((protocol) => `${protocol}//host:port`).join(' or ')}`,
  });

const schemas = {
  plant: z.strictObject({
    check,
    config,
    listen: listenSchema.optional(),
    data: z.string().min(1).optional(),
    speed: speed.optional(),
    seed: z.coerce.number().int().min(0).max(0xffff_ffff).optional(),
  }),
  fill: z.strictObject({
    check,
    config,
    data: z.string().min(1).optional(),
    http: url('http:', 'https:'),
    mqtt: url('mqtt:', 'mqtts:'),
    site: idSchema.default('keihin'),
    device: deviceIdSchema.default('pi-1'),
    pack: idSchema.default('pack-1'),
    meter: idSchema.default('pv-1'),
    'fuel-cell': idSchema.default('fc-1'),
    'grid-meter': idSchema.default('grid-1'),
    'sold-meter': idSchema.default('sold-1'),
  }),
  modbus: z.strictObject({
    check,
    listen: listenSchema,
    protocol: z.enum(['rtu', 'tcp']).default('rtu'),
    meters: modbusMetersSchema,
  }),
  demo: z.strictObject({
    check,
    'http-port': port.default(8080),
    'mqtt-port': port.default(1883),
    data: z.string().min(1).default('.data/demo'),
    speed: speed.default(1),
  }),
  year: z.strictObject({
    check,
    homes: z.coerce.number().int().min(1).max(1_000),
    seed: z.coerce.number().int().min(0).max(0xffff_ffff),
    out: z.string().min(1),
    'fiscal-year': z.coerce.number().int().min(2009).max(2100).default(2025),
  }),
};

type CommandName = keyof typeof schemas;
export type OptionsOf<Name extends CommandName> = z.output<(typeof schemas)[Name]>;

export type CommandLine =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'plant'; readonly options: OptionsOf<'plant'> }
  | { readonly kind: 'fill'; readonly options: OptionsOf<'fill'> }
  | { readonly kind: 'modbus'; readonly options: OptionsOf<'modbus'> }
  | { readonly kind: 'demo'; readonly options: OptionsOf<'demo'> }
  | { readonly kind: 'year'; readonly options: OptionsOf<'year'> };

/** Reads the arguments after the program's name. Throws a UsageMistake with every mistake. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  if (args.includes('--help') || args.includes('-h') || args.length === 0) return { kind: 'help' };
  if (args.includes('--version')) return { kind: 'version' };
  const [name = '', ...rest] = args;
  switch (name) {
    case 'plant':
      return { kind: name, options: parseOptions(name, schemas.plant, rest) };
    case 'fill':
      return { kind: name, options: parseOptions(name, schemas.fill, rest) };
    case 'modbus':
      return { kind: name, options: parseOptions(name, schemas.modbus, rest) };
    case 'demo':
      return { kind: name, options: parseOptions(name, schemas.demo, rest) };
    case 'year':
      return { kind: name, options: parseOptions(name, schemas.year, rest) };
    default:
      throw new UsageMistake(
        `kadoru-simulate: unknown command "${name}"; there is: ${Object.keys(schemas).join(', ')}`,
      );
  }
}

function parseOptions<T extends z.ZodObject>(name: string, schema: T, args: string[]): z.output<T> {
  const options = Object.fromEntries(
    Object.keys(schema.shape).map((option) => [
      option,
      { type: option === 'check' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { values } = readArgs(name, args, options);
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => {
    const option = path.join('.');
    const given = values[option];
    if (given === undefined) return `  --${option} is needed`;
    const what = message.includes('received NaN') ? 'is no number' : message;
    return `  --${option}: ${what} (given: ${JSON.stringify(given)})`;
  });
  throw new UsageMistake([`kadoru-simulate ${name}:`, ...lines, `  ${hint}`].join('\n'));
}

function readArgs(
  name: string,
  args: string[],
  options: Record<string, { type: 'boolean' | 'string' }>,
) {
  try {
    return parseArgs({ args, options, strict: true });
  } catch (error) {
    // What Node adds after the first sentence is about files whose names begin with a dash.
    const [what] = reasonOf(error).split('. ');
    throw new UsageMistake(`kadoru-simulate ${name}: ${what}; ${hint}`);
  }
}
