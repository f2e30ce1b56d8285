import { z } from 'zod';
import { type ClaimEntry, entrySchema, recordClaim } from '../claims/life.ts';
import type { ConfiguredMeter } from '../derive/meter.ts';
import type { QuarantineEntry, Store } from '../store/port.ts';
import type { Readmission } from '../ingest/readmit.ts';
import {
  carryOutProgramme,
  programmeCommands,
  type ProgrammeCommandParts,
} from '../programme/commands.ts';
import {
  checkSeals,
  type HandedOut,
  handedOutDigestsSchema,
  handedOutSchema,
} from '../seals/check.ts';
import { headsBehind, noHeads } from '../seals/handed-out.ts';
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
    digests: handedOutDigestsSchema,
  }),
  z.strictObject({
    command: z.literal('claim-record'),
    entry: entrySchema,
    number: z.int().positive(),
    by: z.string().min(1).max(200),
    nowMs: z.int(),
  }),
  ...programmeCommands,
]);
export type Command = z.infer<typeof commandSchema>;

export interface CommandParts extends ProgrammeCommandParts {
  readonly store: Pick<Store, 'quarantined'>;
  readonly kept: KeptCommandParts;
  readonly readmit: (entry: QuarantineEntry) => Promise<Readmission>;
}

/** What is kept over the store: seals and claims. */
export interface KeptCommandParts {
  readonly heads: () => Promise<readonly ChainHead[]>;
  readonly check: (asked: Asked) => AsyncIterable<object>;
  readonly record: (entry: ClaimEntry, place: Parameters<typeof recordClaim>[2]) => Promise<void>;
}

export function keptParts(
  store: Store,
  meters: readonly ConfiguredMeter[],
  heads: KeptCommandParts['heads'],
): KeptCommandParts {
  return {
    heads,
    check: (asked) => checked(store, meters, asked),
    record: (entry, place) => recordClaim(store, entry, place),
  };
}

interface Asked {
  readonly register: string | undefined;
  readonly handedOut: HandedOut;
  readonly digests: readonly string[];
}

async function* checked(
  store: Store,
  meters: readonly ConfiguredMeter[],
  { register, handedOut, digests }: Asked,
): AsyncIterable<object> {
  const isAsked = (key: string): boolean => register === undefined || key === register;
  const known = await headsBehind(store, new Set(digests));
  for (const digest of digests)
    if (digest !== noHeads && !known.has(digest)) yield { finding: 'heads-unknown', digest };
  const heads = new Map(
    [...handedOut, ...[...known.values()].flat()]
      .filter((each) => isAsked(each.register))
      .map((each) => [`${each.register} ${each.head}`, each] as const),
  );
  const asked = meters.filter(({ key }) => isAsked(key));
  yield* checkSeals(store, asked, [...heads.values()]);
}

/** Carries a command out; each item is one line of the answer. */
export async function* carryOut(command: Command, parts: CommandParts): AsyncIterable<object> {
  if (command.command === 'quarantine-list' || command.command === 'quarantine-retry')
    yield* quarantined(command, parts);
  else if (command.command === 'seals-heads') yield* await parts.kept.heads();
  else if (command.command === 'seals-check')
    yield* parts.kept.check({ ...command, register: command.register });
  else if (command.command === 'claim-record') {
    await parts.kept.record(command.entry, command);
    yield { recorded: command.entry.claim };
  } else yield* await carryOutProgramme(command, parts);
}

async function* quarantined(
  command: Extract<Command, { command: 'quarantine-list' | 'quarantine-retry' }>,
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
