import { idPattern } from './ids.ts';

/**
 * What Kadoru measures: one entry per quantity, from which validation, storage types and labels derive.
 *
 * - `gauge`: an instantaneous value. `register`: a cumulative count that only rises, but for wraps and resets.
 * - `minimum`, `maximum`: what a reading may hold on the wire, in `unit`. They are wider than any real instrument and
 *   catch a unit mistake (Pa for MPa), not a fault: faults are null readings with a reason.
 */
export interface Quantity {
  readonly unit: string;
  readonly kind: 'gauge' | 'register';
  readonly integer: boolean;
  readonly minimum: number;
  readonly maximum: number;
}

const energy = {
  unit: 'Wh',
  kind: 'register',
  integer: true,
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
} as const;

export const catalogue = {
  /** Gauge pressure. A pack is filled to 19.6 MPa; transmitters reach 40 MPa. */
  pressure: { unit: 'MPa', kind: 'gauge', integer: false, minimum: -1, maximum: 110 },
  temperature: { unit: 'degC', kind: 'gauge', integer: false, minimum: -100, maximum: 200 },
  /** NL/min at 0 degC and 101.325 kPa. */
  flow: { unit: 'NL/min', kind: 'gauge', integer: false, minimum: -100_000, maximum: 100_000 },
  power: { unit: 'W', kind: 'gauge', integer: false, minimum: -1e9, maximum: 1e9 },
  generated: energy,
  exported: energy,
  imported: energy,
  consumed: energy,
  auxiliary: energy,
  charged: energy,
  discharged: energy,
  drawn: { ...energy, unit: 'g' },
  gas: { ...energy, unit: 'dm3' },
  heat: { ...energy, unit: 'kJ' },
} as const satisfies Record<string, Quantity>;

export type QuantityName = keyof typeof catalogue;

export interface Channel {
  readonly asset: string;
  readonly quantity: QuantityName;
}

/** `{asset}/{quantity}`, as on the wire. */
export type ChannelId = `${string}/${QuantityName}`;

export function channelId(asset: string, quantity: QuantityName): ChannelId {
  return `${asset}/${quantity}`;
}

function isQuantity(name: string): name is QuantityName {
  return Object.hasOwn(catalogue, name);
}

/** Reads `{asset}/{quantity}`; answers what is wrong with it as text. A channel is known by its quantity alone. */
export function parseChannel(id: string): Channel | string {
  const slash = id.indexOf('/');
  const asset = id.slice(0, slash);
  const quantity = id.slice(slash + 1);
  if (slash < 0 || !idPattern.test(asset)) return 'a channel id is {asset}/{quantity}';
  if (!isQuantity(quantity))
    return `unknown quantity "${quantity.slice(0, 64)}"; known: ${Object.keys(catalogue).join(' ')}`;
  return { asset, quantity };
}
