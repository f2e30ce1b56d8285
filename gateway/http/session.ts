import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { sessionCookie } from '#gateway/contract';
import type { Access, Refusal } from '../access/operator.ts';
import { readJson } from './body.ts';
import { peerOf, type Env } from './env.ts';
import { HttpProblem } from './problem.ts';

export const sessionPath = '/session';
export const sessionRequestSchema = z.strictObject({ token: z.string().min(1).max(1024) });

/** Exchanges the operator's token for a cookie that a page's scripts cannot read, and ends it. */
export function sessionRoutes(access: Access, tls: boolean, mostBodyBytes: number): Hono<Env> {
  const cookie = { httpOnly: true, sameSite: 'Strict', secure: tls, path: '/' } as const;
  const app = new Hono<Env>();
  app.post(sessionPath, async (c) => {
    const rules = { mostBytes: mostBodyBytes, values: 'hidden' } as const;
    const { token } = await readJson(c.req.raw, sessionRequestSchema, rules);
    const answer = await access.logIn(token, peerOf(c));
    if (answer.kind !== 'logged-in' && answer.kind !== 'not-needed') throw refusalProblem(answer);
    if (answer.kind === 'logged-in')
      setCookie(c, sessionCookie, answer.session, {
        ...cookie,
        maxAge: Math.floor(answer.lifeMs / 1000),
      });
    return c.body(null, 204);
  });
  app.delete(sessionPath, (c) => {
    const session = getCookie(c, sessionCookie);
    if (session !== undefined) access.logOut(session);
    deleteCookie(c, sessionCookie, cookie);
    return c.body(null, 204);
  });
  return app;
}

/** 401 or 429 with what to do about it. */
export function refusalProblem(refusal: Refusal): HttpProblem {
  if (refusal.kind === 'wait') {
    const seconds = Math.ceil(refusal.waitMs / 1000);
    const detail = `too many attempts: try again in ${seconds} s`;
    return new HttpProblem(429, detail, undefined, { 'retry-after': String(seconds) });
  }
  const headers = { 'www-authenticate': 'Bearer realm="kadoru"' };
  if (refusal.kind === 'ended') return new HttpProblem(401, ended(refusal), undefined, headers);
  const detail =
    refusal.why === 'no-credentials'
      ? 'log in on the page, or send the operator token as "Authorization: Bearer ..."'
      : 'the token is wrong or the session has ended: log in again';
  return new HttpProblem(401, detail, undefined, headers);
}

/** Told only to whoever holds the whole token. */
function ended({ why, token }: Extract<Refusal, { kind: 'ended' }>): string {
  const { id, expiresAt, revoked } = token;
  if (why === 'expired')
    return `token ${id} expired at ${new Date(expiresAt).toISOString()}: ask for a new one`;
  const at = new Date(revoked?.at ?? 0).toISOString();
  return `token ${id} was revoked at ${at} by ${revoked?.by ?? ''}: ${revoked?.why ?? ''}`;
}
