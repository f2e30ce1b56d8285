import { z } from 'zod';
import { claimedObjects } from '../meters/echonet/config.ts';
import { i2cNumber } from './boards.ts';

/** A mistake in the configuration: where, what stands there, and the way out. */
export interface Mistake {
  readonly path: string;
  readonly message: string;
}

/** Only what references are made of, and whatever else is wrong left out: so both kinds of mistakes show at once. */
const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const sensor = z
  .looseObject({ adc: text, channel: number, sensor: text })
  .optional()
  .catch(undefined);
const list = <T extends z.ZodRawShape>(shape: T) =>
  z.array(z.looseObject(shape).or(z.undefined()).catch(undefined)).catch([]);
const sketchSchema = z.looseObject({
  boards: list({ id: text, kind: text, port: text, i2c: z.unknown().optional(), chip: text }),
  adcs: list({ id: text, board: text, address: number }),
  packs: list({ id: text, pressure: sensor, temperature: sensor }),
  meters: list({
    id: text,
    kind: text,
    board: text,
    pin: number,
    address: text,
    object: text,
    instance: number,
  }),
});

/** What a part claims for itself: two claims on one thing are a mistake. */
interface Claim {
  readonly path: string;
  readonly thing: string | undefined;
}

/** Checks what refers to what: every board and converter exists, and nothing is used twice. */
export function checkReferences(document: unknown): Mistake[] {
  const sketch = sketchSchema.safeParse(document);
  if (!sketch.success) return [];
  const { boards, adcs, packs, meters } = sketch.data;
  const loops = packs.flatMap((pack, index) =>
    (['pressure', 'temperature'] as const).map((quantity) => ({
      path: `packs[${index}].${quantity}`,
      ...pack?.[quantity],
    })),
  );
  const boardIds = boards.map((board) => board?.id);
  const adcIds = adcs.map((adc) => adc?.id);
  return [
    ...unknown('board', boardIds, paths('adcs', 'board', adcs)),
    ...unknown('board', boardIds, paths('meters', 'board', meters)),
    ...unknown(
      'adc',
      adcIds,
      loops.map(({ path, adc }) => ({ path: `${path}.adc`, thing: adc })),
    ),
    ...twice('board id', paths('boards', 'id', boards)),
    ...twice('board port', paths('boards', 'port', boards)),
    ...twice('GPIO chip', paths('boards', 'chip', boards)),
    ...twice(
      'I2C bus',
      boards.map((board, index) => ({
        path: `boards[${index}].i2c`,
        thing: board?.i2c === undefined ? undefined : i2cNumber(board.i2c)?.toString(),
      })),
    ),
    ...lacking('i2c', boards, paths('adcs', 'board', adcs)),
    ...lacking('chip', boards, paths('meters', 'board', meters)),
    ...twice('adc id', paths('adcs', 'id', adcs)),
    ...twice('id', [...paths('packs', 'id', packs), ...paths('meters', 'id', meters)]),
    ...twice(
      'address',
      adcs.map((adc, index) => claim(`adcs[${index}].address`, adc?.board, hex(adc?.address))),
    ),
    ...twice(
      'channel',
      loops.map(({ path, adc, channel }) => claim(`${path}.channel`, adc, channel)),
    ),
    ...twice(
      'w1 sensor',
      loops.map(({ path, sensor }) => ({ path: `${path}.sensor`, thing: sensor })),
    ),
    ...twice(
      'pin',
      meters.map((meter, index) => claim(`meters[${index}].pin`, meter?.board, meter?.pin)),
    ),
    ...twice('ECHONET object', claimedObjects(meters)),
    ...(packs.length + meters.length === 0
      ? [{ path: 'packs', message: 'nothing to measure: configure at least one pack or meter' }]
      : []),
  ];
}

function paths<K extends string>(
  section: string,
  key: K,
  items: readonly (Readonly<Partial<Record<K, string | undefined>>> | undefined)[],
): Claim[] {
  return items.map((item, index) => ({ path: `${section}[${index}].${key}`, thing: item?.[key] }));
}

function claim(path: string, owner: string | undefined, part: string | number | undefined): Claim {
  return {
    path,
    thing: owner === undefined || part === undefined ? undefined : `${owner} ${part}`,
  };
}

function hex(address: number | undefined): string | undefined {
  return address === undefined ? undefined : `0x${address.toString(16)}`;
}

/** What is referred to and not there. */
export function unknown(
  kind: string,
  ids: readonly (string | undefined)[],
  claims: readonly Claim[],
): Mistake[] {
  const known = ids.filter((id) => id !== undefined);
  return claims.flatMap(({ path, thing }) => {
    if (thing === undefined || known.includes(thing)) return [];
    const choice = known.length === 0 ? `there is no ${kind}` : `known: ${known.join(' ')}`;
    return [{ path, message: `"${thing}" is no configured ${kind}; ${choice}` }];
  });
}

/** Boards of this machine that are asked for what their configuration does not give them. */
function lacking(
  key: 'i2c' | 'chip',
  boards: z.infer<typeof sketchSchema>['boards'],
  claims: readonly Claim[],
): Mistake[] {
  const without = boards
    .filter((board) => board?.kind === 'linux' && board[key] === undefined)
    .map((board) => board?.id);
  return claims.flatMap(({ path, thing }) =>
    thing !== undefined && without.includes(thing)
      ? [{ path, message: `board "${thing}" has no "${key}" in its configuration` }]
      : [],
  );
}

/** What is claimed more than once. */
export function twice(kind: string, claims: readonly Claim[]): Mistake[] {
  const first = new Map<string, string>();
  return claims.flatMap(({ path, thing }) => {
    if (thing === undefined) return [];
    const taken = first.get(thing);
    if (taken === undefined) first.set(thing, path);
    return taken === undefined
      ? []
      : [{ path, message: `${kind} ${thing} is already used by ${taken}` }];
  });
}
