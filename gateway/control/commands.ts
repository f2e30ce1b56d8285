import { z } from 'zod';
import type { QuarantineEntry, Store } from '../store/port.ts';
import type { ConfiguredMeter } from '../derive/meter.ts';
import type { Readmission } from '../ingest/readmit.ts';
import { entrySchema, recordClaim } from '../claims/life.ts';
import { checkSeals, handedOutSchema } from '../seals/check.ts';
import type { ChainHead } from '../seals/job.ts';

const filter = {
  site: z.string().optional(),
  device: z.string().optional(),
  id: z.string().optional(),
};

/** What a person at the machine may ask of a running gateway, one JSON object per line. */
export const commandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('quarantine-list'), ...filter }),
  z.strictObject({ command: z.literal('quarantine-retry'), ...filter }),
  z.strictObject({ command: z.literal('seals-heads') }),
  z.strictObject({
    command: z.literal('seals-check'),
    register: z.string().optional(),
    handedOut: handedOutSchema,
  }),
  z.strictObject({
    command: z.literal('claim-record'),
    entry: entrySchema,
    number: z.int().positive(),
    by: z.string().min(1).max(200),
    nowMs: z.int(),
  }),
]);
export type Command = z.infer<typeof commandSchema>;

export interface CommandParts {
  readonly store: Store;
  readonly meters: readonly ConfiguredMeter[];
  readonly readmit: (entry: QuarantineEntry) => Promise<Readmission>;
  readonly heads: () => Promise<readonly ChainHead[]>;
}

/** Carries a command out; each item is one line of the answer. */
export async function* carryOut(command: Command, parts: CommandParts): AsyncIterable<object> {
  switch (command.command) {
    case 'seals-heads':
      yield* await parts.heads();
      return;
    case 'seals-check':
      yield* checkSeals(parts.store, metersOf(command, parts), command.handedOut);
      return;
    case 'claim-record':
      await recordClaim(parts.store, command.entry, command);
      yield { recorded: command.entry.claim };
      return;
    case 'quarantine-list':
    case 'quarantine-retry':
      yield* quarantined(command, parts);
  }
}

function metersOf({ register }: { readonly register?: string | undefined }, parts: CommandParts) {
  return parts.meters.filter(({ key }) => register === undefined || key === register);
}

type QuarantineCommand = Extract<Command, { command: `quarantine-${string}` }>;

async function* quarantined(
  command: QuarantineCommand,
  parts: CommandParts,
): AsyncIterable<object> {
  const { site, device, id } = command;
  const wanted = {
    ...(site === undefined ? {} : { site }),
    ...(device === undefined ? {} : { device }),
    ...(id === undefined ? {} : { id }),
  };
  for await (const entry of parts.store.quarantined(wanted))
    yield command.command === 'quarantine-list' ? listed(entry) : await parts.readmit(entry);
}

function listed({ bytes, receivedAt, ...entry }: QuarantineEntry): object {
  const text = new TextDecoder().decode(bytes);
  return {
    ...entry,
    receivedAt: new Date(receivedAt).toISOString(),
    bytes: bytes.byteLength,
    content: text.slice(0, 2000),
  };
}
