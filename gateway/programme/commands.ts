import { z } from 'zod';
import type { PartnerToken } from '../access/partner-token.ts';
import type { RecordDesk } from '../records/desk.ts';
import { tokenRoles } from '../records/programme-kinds.ts';
import type { Mistake } from '../records/refusal.ts';
import { tableKinds } from './columns.ts';
import { addFactor, confirmMethodology, listedFactors, verifyFactor } from './factors.ts';
import { importProgramme } from './import.ts';
import { listProgramme } from './listing.ts';
import type { Confirmation, Factor } from './programme.ts';
import { addToken, allTokens, revokeToken } from './tokens.ts';

const by = z.string().trim().min(1).max(100);
const text = z.string().max(300);
const given = z.record(text, z.union([text, z.number()]));
const table = z.string().max(8 * 1024 * 1024);

/** What a person at the machine may ask of the programme. */
export const programmeCommands = [
  z.strictObject({
    command: z.literal('programme-import'),
    by,
    tables: z.partialRecord(z.enum(tableKinds), table),
  }),
  z.strictObject({ command: z.literal('programme-list') }),
  z.strictObject({ command: z.literal('factors-add'), by, given }),
  z.strictObject({ command: z.literal('factors-list') }),
  z.strictObject({
    command: z.literal('factors-verify'),
    by,
    fiscalYear: z.int(),
    symbol: text,
    class: z.enum(['published', 'fixture']),
    document: text.optional(),
    version: text.optional(),
    page: text.optional(),
  }),
  z.strictObject({ command: z.literal('methodology-confirm'), by, given }),
  z.strictObject({
    command: z.literal('tokens-add'),
    by,
    project: text,
    role: z.enum(tokenRoles),
    holder: text,
    expires: text,
  }),
  z.strictObject({ command: z.literal('tokens-list') }),
  z.strictObject({ command: z.literal('tokens-revoke'), by, token: text, why: text }),
] as const;
export type ProgrammeCommand = z.output<(typeof programmeCommands)[number]>;

export interface ProgrammeCommandParts {
  readonly desk: RecordDesk;
  readonly registers: ReadonlySet<string>;
  readonly wallMs: () => number;
}

/** Carries a command out; each item is one line of the answer. A refusal is a line of kind `mistake` for every field. */
export async function carryOutProgramme(
  command: ProgrammeCommand,
  { desk, registers, wallMs }: ProgrammeCommandParts,
): Promise<readonly object[]> {
  const nowMs = wallMs();
  switch (command.command) {
    case 'programme-import':
      return importProgramme({ desk, registers, nowMs, by: command.by }, command.tables);
    case 'programme-list':
      return listProgramme(desk, registers, nowMs);
    case 'factors-add':
      return lines('factor', await addFactor(desk, command.given, { by: command.by, nowMs }));
    case 'factors-list':
      return listedFactors(desk).map((factor) => ({ ...factor, kind: 'factor' }));
    case 'factors-verify':
      return lines('factor', await verifyFactor(desk, command, { by: command.by, nowMs }));
    case 'methodology-confirm':
      return lines(
        'confirmation',
        await confirmMethodology(desk, command.given, { by: command.by, nowMs }),
      );
    case 'tokens-add': {
      const made = await addToken(desk, command, nowMs);
      if (!('token' in made)) return made.map(mistakeLine);
      return [{ kind: 'token', ...shownToken(made.token), text: made.text }];
    }
    case 'tokens-list':
      return allTokens(desk).map((token) => ({ kind: 'token', ...shownToken(token) }));
    case 'tokens-revoke': {
      const revoked = await revokeToken(desk, command, nowMs);
      if (!('id' in revoked)) return revoked.map(mistakeLine);
      return [{ kind: 'token', ...shownToken(revoked) }];
    }
  }
}

function shownToken({ id, project, role, holder, expiresAt, revoked }: PartnerToken) {
  const expires = new Date(expiresAt).toISOString();
  const shown = { id, project, role, holder, expires };
  return revoked === undefined ? shown : { ...shown, revoked };
}

function lines(
  kind: string,
  answer: Factor | Confirmation | readonly Mistake[],
): readonly object[] {
  return 'id' in answer ? [{ ...answer, kind }] : answer.map(mistakeLine);
}

function mistakeLine(mistake: Mistake): object {
  return { kind: 'mistake', ...mistake };
}
