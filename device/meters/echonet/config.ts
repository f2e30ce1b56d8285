import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { catalogue, idSchema, type QuantityName } from '#device/contract';
import { objectClass, objectNames } from './objects.ts';
import { echonetPort } from './transport.ts';

const ipv4 = z.ipv4('must be an IPv4 address such as 192.168.1.20');
const discover = 'discover';

function isQuantity(name: string): name is QuantityName {
  return Object.hasOwn(catalogue, name);
}

/** One object of an ECHONET Lite node, as an entry of `meters`. */
export const echonetMeterSchema = z
  .strictObject({
    id: idSchema,
    kind: z.literal('echonet'),
    address: z
      .string()
      .refine(
        (address) => address === discover || isIPv4(address),
        'must be an IPv4 address such as 192.168.1.20, or discover',
      ),
    object: z.enum(objectNames),
    instance: z.int().min(1).max(127).default(1),
    /** Default: what the node has. */
    quantities: z.array(z.string().refine(isQuantity, 'is no quantity')).min(1).optional(),
    /** Nodes are small, and talk over Wi-Fi: no faster than once a second. */
    sampleSeconds: z.number().min(1).max(86_400).default(60),
  })
  .superRefine(({ object, quantities = [] }, context) => {
    const known = objectClass(object).measurements.map(({ quantity }) => quantity);
    for (const [index, quantity] of quantities.entries()) {
      const path = ['quantities', index];
      const message = `a ${object} measures ${known.join(' ')}`;
      if (!known.includes(quantity)) context.addIssue({ code: 'custom', path, message });
      else if (quantities.indexOf(quantity) < index)
        context.addIssue({ code: 'custom', path, message: `${quantity} is already in this list` });
    }
  });
export type EchonetMeterConfig = z.infer<typeof echonetMeterSchema>;

/** The network side, one for all ECHONET meters. */
export const echonetSchema = z.strictObject({
  bind: ipv4.default('0.0.0.0'),
  /** Address of the interface that the nodes are on, for multicast. Default: `bind`, or every interface. */
  interface: ipv4.optional(),
  /** The standard says 3610; another one is for trials on one machine. */
  port: z.int().min(1).max(65_535).default(echonetPort),
});
type EchonetConfig = z.infer<typeof echonetSchema>;

/** Where the configuration says an object is; undefined for `discover`. */
export function addressOf({ address }: EchonetMeterConfig): string | undefined {
  return address === discover ? undefined : address;
}

/** What `--check` says: one line for the network side and one for each meter; nothing without meters. */
export function describeEchonet(
  { bind, port, interface: chosen }: EchonetConfig,
  meters: readonly EchonetMeterConfig[],
): string[] {
  if (meters.length === 0) return [];
  const through = chosen === undefined ? '' : `, multicast through ${chosen}`;
  return [`ECHONET Lite: UDP ${bind}:${port}${through}`, ...meters.map(describeMeter)];
}

function describeMeter(meter: EchonetMeterConfig): string {
  const { id, address, object, instance, quantities, sampleSeconds } = meter;
  const { code } = objectClass(object);
  const number = `0x${(code * 256 + instance).toString(16).toUpperCase().padStart(6, '0')}`;
  const where = address === discover ? 'the one node that has it' : address;
  const what = quantities?.join(' ') ?? 'whatever it has';
  return `${id} (${what}): ECHONET Lite ${object} ${number} of ${where}, every ${sampleSeconds} s`;
}

interface Sketch {
  readonly kind?: string | undefined;
  readonly address?: string | undefined;
  readonly object?: string | undefined;
  readonly instance?: number | undefined;
}

/** The object that each meter of a configuration claims, right or wrong: two meters on one are a mistake. */
export function claimedObjects(meters: readonly (Sketch | undefined)[]) {
  return meters.map((meter, index) => {
    const { kind, address, object, instance = 1 } = meter ?? {};
    const isClaim = kind === 'echonet' && address !== undefined && object !== undefined;
    return {
      path: `meters[${index}].object`,
      thing: isClaim ? `${object} ${instance} at ${address}` : undefined,
    };
  });
}
