import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Access } from './operator.ts';
import { judgeToken, newToken, type PartnerToken } from './partner-token.ts';
import { withPartners } from './partners.ts';
import { RateLimit } from './rate.ts';

const made = newToken();
const token: PartnerToken = {
  id: made.id,
  project: 'minato-pv',
  role: 'partner',
  holder: 'the partner',
  secretSha256: made.secretSha256,
  expiresAt: 10_000,
};
const find = (id: string) => (id === token.id ? token : undefined);

/** Everybody else is the operator. */
const open: Access = {
  mode: 'open-loopback',
  knowsHost: () => true,
  admit: () => Promise.resolve({ kind: 'admitted', stillValid: () => true }),
  logIn: () => Promise.resolve({ kind: 'not-needed' }),
  logOut: () => undefined,
  counts: () => ({ failedLogins: 0, sessions: 0 }),
};

test('a token is right until it expires or is revoked; another secret is unknown, whatever became of it', () => {
  expect(judgeToken(made.text, find, 9_999)).toEqual({ kind: 'right', token });
  expect(judgeToken(made.text, find, 10_000)).toEqual({ kind: 'expired', token });
  const revoked = { ...token, revoked: { at: 5, by: '山田', why: 'lost' } };
  expect(judgeToken(made.text, () => revoked, 20_000).kind).toBe('revoked');
  const other = newToken().text.split('_')[2] ?? '';
  const wrong = `kadoru_${token.id}_${other}`;
  expect(judgeToken(wrong, () => revoked, 20_000)).toEqual({ kind: 'unknown' });
  expect(judgeToken(made.text, () => undefined, 0)).toEqual({ kind: 'unknown' });
});

test('no other text opens anything', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((end) => `${made.text}${end}`),
      ),
      (text) => {
        fc.pre(text !== made.text);
        expect(judgeToken(text, find, 0).kind).toBe('unknown');
      },
    ),
  );
});

test('a token counts even where everybody may come in; what ended says so, and guesses are counted', async () => {
  let nowMs = 0;
  const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
  const failureLimits = { failures: 2, windowMs: 1_000, entries: 10 };
  const access = withPartners(open, { find, clock, failureLimits });
  const admit = (text: string) =>
    access.admit({ authorization: `Bearer ${text}`, session: undefined, from: '192.0.2.1' });
  const admission = await admit(made.text);
  expect(admission).toMatchObject({ kind: 'admitted', token: { id: token.id } });
  expect(await admit('operator')).not.toHaveProperty('token');
  nowMs = 10_000;
  expect(admission.kind === 'admitted' && admission.stillValid()).toBe(false);
  expect(await admit(made.text)).toMatchObject({ kind: 'ended', why: 'expired' });
  for (let guess = 0; guess < 2; guess += 1)
    expect(await admit(newToken().text)).toEqual({ kind: 'refused', why: 'wrong-credentials' });
  expect(await admit(newToken().text)).toEqual({ kind: 'wait', waitMs: 1_000 });
  expect(access.counts().failedLogins).toBe(2);
});

test('a rate lets through so many at once, fills up again, and forgets whoever is full', () => {
  const rate = new RateLimit(3);
  expect([0, 0, 0, 0].map((at) => rate.take('a', at))).toEqual([0, 0, 0, 20_000]);
  expect(rate.take('b', 0)).toBe(0);
  expect(rate.take('a', 19_999)).toBe(1);
  expect(rate.take('a', 20_000)).toBe(0);
  expect([0, 1, 2, 3].map(() => rate.take('a', 600_000))).toEqual([0, 0, 0, 20_000]);
});
