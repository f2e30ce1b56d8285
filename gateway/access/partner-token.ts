import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export type TokenRole = 'partner' | 'ward' | 'auditor';

/** A token as it is kept: its hash, for whom it is and what it opens. Times are epoch milliseconds. */
export interface PartnerToken {
  readonly id: string;
  readonly project: string;
  readonly role: TokenRole;
  readonly holder: string;
  /** Hexadecimal. The secret is 256 random bits, so one pass is enough: there is nothing to guess. */
  readonly secretSha256: string;
  readonly expiresAt: number;
  readonly revoked?: { readonly at: number; readonly by: string; readonly why: string } | undefined;
}

/** Looks a token up by the part that is no secret. */
export type FindToken = (id: string) => PartnerToken | undefined;

/** `unknown`: not one of ours, or with a wrong secret; nothing more is told then. */
export type TokenVerdict =
  | { readonly kind: 'right'; readonly token: PartnerToken }
  | { readonly kind: 'expired' | 'revoked'; readonly token: PartnerToken }
  | { readonly kind: 'unknown' };

/** A new token's text, to be told once, and what is kept of it. */
export function newToken(random: (bytes: number) => Buffer = randomBytes): {
  readonly id: string;
  readonly text: string;
  readonly secretSha256: string;
} {
  const id = random(6).toString('hex');
  const secret = random(32).toString('base64url');
  return { id, text: `kadoru_${id}_${secret}`, secretSha256: sha256(secret).toString('hex') };
}

/** Whether a text is meant as such a token. */
export function looksLikeToken(text: string): boolean {
  return text.startsWith('kadoru_');
}

/** Judges what somebody presented; compared in constant time. Why a token no longer opens is told only to its holder. */
export function judgeToken(text: string, find: FindToken, nowMs: number): TokenVerdict {
  const [, id = '', secret = ''] = /^kadoru_([0-9a-f]{12})_([\w-]{43})$/.exec(text) ?? [];
  const token = find(id);
  const expected = token === undefined ? Buffer.alloc(32) : Buffer.from(token.secretSha256, 'hex');
  const same = timingSafeEqual(sha256(secret), expected);
  if (token === undefined || !same) return { kind: 'unknown' };
  if (token.revoked !== undefined) return { kind: 'revoked', token };
  return { kind: nowMs >= token.expiresAt ? 'expired' : 'right', token };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
