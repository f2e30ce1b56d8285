import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { GatewayConfig } from '../config/schema.ts';
import { askGatewayOrStore } from '../control/offline.ts';
import { type HandedOut, handedOutSchema } from './check.ts';

const foundSchema = z.object({ finding: z.string() });
const harmless: ReadonlySet<string> = new Set(['checked', 'waits']);
const hex = z.string().regex(/^[0-9a-f]{64}$/);
/**
 * What somebody may hold: a line of `seals heads`, an answer of `/seals/heads`, an answer of a pull (`seals`), a line of
 * `/projects/{id}/pulls` (`seals` is the digest), the digest alone.
 */
const heldSchema = z.union([
  handedOutSchema.element.transform((head) => ({ handedOut: [head], digests: [] })),
  z
    .object({ seals: z.object({ digest: hex, heads: handedOutSchema }) })
    .transform(({ seals }) => ({ handedOut: seals.heads, digests: [seals.digest] })),
  z.object({ seals: hex }).transform(({ seals }) => ({ handedOut: [], digests: [seals] })),
  hex.transform((digest) => ({ handedOut: [], digests: [digest] })),
]);
const listsSchema = z.object({ items: z.array(heldSchema), digest: hex.optional() });

interface Held {
  readonly handedOut: HandedOut;
  readonly digests: readonly string[];
}

/** `seals heads`: one JSON line for each register. */
export async function sealHeadsCommand(
  config: GatewayConfig,
  say: (line: string) => void,
): Promise<number> {
  await askGatewayOrStore(config, { command: 'seals-heads' }, (item) => say(JSON.stringify(item)));
  return 0;
}

/**
 * `seals check`: every digest computed again from the store, by the running gateway or from its store. One JSON line for
 * each finding; answers the exit code, 1 where something does not fit.
 */
export async function sealCheckCommand(
  config: GatewayConfig,
  asked: { readonly meter?: string | undefined; readonly heads?: string | undefined },
  say: (line: string) => void,
): Promise<number> {
  const held = asked.heads === undefined ? none : await readHeads(asked.heads);
  let bad = 0;
  const command = {
    command: 'seals-check' as const,
    register: asked.meter,
    handedOut: [...held.handedOut],
    digests: [...held.digests],
  };
  await askGatewayOrStore(config, command, (item) => {
    if (!harmless.has(foundSchema.parse(item).finding)) bad += 1;
    say(JSON.stringify(item));
  });
  return bad === 0 ? 0 : 1;
}

const none: Held = { handedOut: [], digests: [] };

/** Throws with the line that says nothing of heads. */
async function readHeads(file: string): Promise<Held> {
  const text = (await readFile(file, 'utf8')).trim();
  // One document, or lines of JSON, or digests as a header shows them.
  const whole = parsed(text);
  const values =
    whole === undefined ? text.split('\n').map((line) => parsed(line) ?? line) : [whole];
  const held = values.flatMap((value, index): Held[] => {
    if (Array.isArray(value)) return z.array(heldSchema).parse(value);
    const items = listsSchema.safeParse(value).data?.items;
    if (items !== undefined && !isPull(value)) return items;
    const one = heldSchema.safeParse(typeof value === 'string' ? value.trim() : value).data;
    if (one !== undefined) return [one];
    throw new Error(`${file}, line ${index + 1}: has no head of seals and no digest of heads`);
  });
  return {
    handedOut: held.flatMap(({ handedOut }) => handedOut),
    digests: [...new Set(held.flatMap(({ digests }) => digests))],
  };
}

/** An answer of a pull has items of its own. */
function isPull(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'seals' in value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
