import { z } from 'zod';
import type { QuarantineEntry, Store } from '../store/port.ts';
import type { Readmission } from '../ingest/readmit.ts';
import {
  carryOutProgramme,
  programmeCommands,
  type ProgrammeCommandParts,
} from '../programme/commands.ts';

const filter = {
  site: z.string().optional(),
  device: z.string().optional(),
  id: z.string().optional(),
};

/** What a person at the machine may ask of a running gateway, one JSON object per line. */
export const commandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('quarantine-list'), ...filter }),
  z.strictObject({ command: z.literal('quarantine-retry'), ...filter }),
  ...programmeCommands,
]);
export type Command = z.infer<typeof commandSchema>;

export interface CommandParts extends ProgrammeCommandParts {
  readonly store: Pick<Store, 'quarantined'>;
  readonly readmit: (entry: QuarantineEntry) => Promise<Readmission>;
}

/** Carries a command out; each item is one line of the answer. */
export async function* carryOut(command: Command, parts: CommandParts): AsyncIterable<object> {
  if (command.command !== 'quarantine-list' && command.command !== 'quarantine-retry') {
    yield* await carryOutProgramme(command, parts);
    return;
  }
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
