import { type FindToken, newToken, type PartnerToken } from '../access/partner-token.ts';
import type { KnownRecord, RecordDesk } from '../records/desk.ts';
import { programmeSite, tokenBodySchema } from '../records/programme-kinds.ts';
import type { Mistake } from '../records/refusal.ts';
import { japanDateMs } from './japan-date.ts';
import { programmeOf } from './programme.ts';

const dayMs = 24 * 3_600_000;
/** A year of a partnership, and some time for the claim after it. */
const mostDays = 400;

/** Finds tokens among the records, revoked ones too. */
export function tokensOf(desk: RecordDesk): FindToken {
  return (id) => {
    const record = desk.known('token', programmeSite, id);
    return record === undefined ? undefined : tokenOf(desk, record);
  };
}

export function allTokens(desk: RecordDesk): PartnerToken[] {
  return desk.of('token', programmeSite).map((record) => tokenOf(desk, record));
}

function tokenOf(desk: RecordDesk, { id, body }: KnownRecord<'token'>): PartnerToken {
  const [revocation] = desk.of('token-revocation', programmeSite, id);
  if (revocation === undefined) return { ...body, id };
  const { at, by } = revocation;
  return { ...body, id, revoked: { at, by, why: revocation.body.why } };
}

export interface TokenRequest {
  readonly project: string;
  readonly role: string;
  readonly holder: string;
  /** A Japan date: the token opens until its end. */
  readonly expires: string;
  readonly by: string;
}

type Made = { readonly token: PartnerToken; readonly text: string };

/** Records a new token; its text is answered here and never again. Rejects with StoreError. */
export async function addToken(
  desk: RecordDesk,
  { by, expires, project, role, holder }: TokenRequest,
  nowMs: number,
): Promise<Made | readonly Mistake[]> {
  const asked = { project, role, holder };
  const { id, text, secretSha256 } = newToken();
  const expiresAt = japanDateMs(expires) + dayMs;
  const mistakes = mistakesOf(desk, project, expires, nowMs);
  const body = tokenBodySchema.safeParse({
    ...asked,
    secretSha256,
    expiresAt: Number.isNaN(expiresAt) ? 0 : expiresAt,
  });
  for (const { path, message } of body.error?.issues ?? []) {
    const field = path.join('.');
    mistakes.push({ field, value: Reflect.get(asked, field), detail: message });
  }
  if (!body.success || mistakes.length > 0) return mistakes;
  const common = { site: programmeSite, id, subject: project, at: nowMs, recordedAt: nowMs };
  const record = { ...common, kind: 'token', by, body: body.data };
  if ((await desk.add(record)).kind !== 'added') throw new Error(`a token ${id} stands already`);
  return { token: { ...body.data, id }, text };
}

function mistakesOf(desk: RecordDesk, project: string, expires: string, nowMs: number): Mistake[] {
  const mistakes: Mistake[] = [];
  const known = programmeOf(desk).projects.map((each) => each.id);
  if (!known.includes(project)) {
    const list = known.length === 0 ? 'there is none' : `known: ${known.join(', ').slice(0, 300)}`;
    mistakes.push({ field: 'project', value: project, detail: `no such project; ${list}` });
  }
  const wrong = { field: 'expires', value: expires };
  const days = (japanDateMs(expires) + dayMs - nowMs) / dayMs;
  if (Number.isNaN(days)) mistakes.push({ ...wrong, detail: 'is a date: 2027-03-31' });
  else if (days <= 0) mistakes.push({ ...wrong, detail: 'is over already: name a day to come' });
  else if (days > mostDays + 1)
    mistakes.push({
      ...wrong,
      detail: `is more than ${mostDays} days away: give it out anew then`,
    });
  return mistakes;
}

/** Ends a token from now on; ending it twice leaves the first word. Rejects with StoreError. */
export async function revokeToken(
  desk: RecordDesk,
  { token, by, why }: { readonly token: string; readonly by: string; readonly why: string },
  nowMs: number,
): Promise<PartnerToken | readonly Mistake[]> {
  const find = tokensOf(desk);
  const standing = find(token);
  if (standing === undefined) {
    const detail = 'no such token; `tokens list` shows the ids';
    return [{ field: 'token', value: token.slice(0, 20), detail }];
  }
  if (standing.revoked !== undefined) return standing;
  const record = {
    site: programmeSite,
    kind: 'token-revocation',
    id: token,
    subject: token,
    at: nowMs,
    recordedAt: nowMs,
    by,
    body: { token, why },
  };
  await desk.add(record);
  return find(token) ?? standing;
}
