import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { GatewayConfig } from '../config/schema.ts';
import { askGatewayOrStore } from '../control/offline.ts';
import { handedOutSchema } from './check.ts';

const foundSchema = z.object({ finding: z.string() });
const harmless: ReadonlySet<string> = new Set(['checked', 'waits']);
/** As `seals heads` prints them, or as `/seals/heads` answers. */
const headsFileSchema = z.union([handedOutSchema, z.object({ items: handedOutSchema })]);

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
  const handedOut = asked.heads === undefined ? [] : await readHeads(asked.heads);
  let bad = 0;
  const command = { command: 'seals-check', register: asked.meter, handedOut } as const;
  await askGatewayOrStore(config, command, (item) => {
    if (!harmless.has(foundSchema.parse(item).finding)) bad += 1;
    say(JSON.stringify(item));
  });
  return bad === 0 ? 0 : 1;
}

async function readHeads(file: string) {
  const text = (await readFile(file, 'utf8')).trim();
  // JSON lines, or one document.
  const whole = headsFileSchema.safeParse(parsed(text));
  if (whole.success) return 'items' in whole.data ? whole.data.items : whole.data;
  return handedOutSchema.parse(text.split('\n').map((line): unknown => JSON.parse(line)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
