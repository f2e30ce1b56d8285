import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';
import { sessionCookie } from '#gateway/contract';
import type { Access } from '../access/operator.ts';
import { bookStyleHash } from './book.ts';
import { peerOf, type Env } from './env.ts';
import { HttpProblem } from './problem.ts';
import { refusalProblem } from './session.ts';

const self = ["'self'"];

/** What a browser may do with our answers: run and load only what this gateway serves, inside no frame. */
export function securityHeaders(tls: boolean) {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: self,
      styleSrc: [...self, bookStyleHash],
      imgSrc: [...self, 'data:'],
      fontSrc: self,
      connectSrc: self,
      manifestSrc: self,
      formAction: self,
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    // Only under TLS: RFC 6797, section 7.2 forbids it over plain HTTP.
    strictTransportSecurity: tls ? 'max-age=31536000' : false,
  });
}

/** Refuses what is too long before anything reads it. */
export function limitUrl(mostChars: number) {
  return createMiddleware<Env>(async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    const chars = pathname.length + search.length;
    if (chars > mostChars)
      throw new HttpProblem(
        414,
        `path and query have ${chars} characters; at most ${mostChars} are read`,
      );
    await next();
  });
}

/** Against DNS rebinding: a page of somebody's own name must not reach an open gateway by pointing the name at it. */
export function checkHost(access: Access) {
  return createMiddleware<Env>(async (c, next) => {
    const { hostname } = new URL(c.req.url);
    if (!access.knowsHost(hostname))
      throw new HttpProblem(
        421,
        `this gateway does not answer to the name "${hostname.slice(0, 100)}": use its address, or add the name to http.publicHosts`,
      );
    await next();
  });
}

/** Against forged requests: what changes something must come from a page of this gateway, or from no page at all. */
export function checkOrigin() {
  return createMiddleware<Env>(async (c, next) => {
    const { method } = c.req.raw;
    const origin = c.req.header('origin');
    const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
    if (!reads && origin !== undefined && !isOwn(origin, new URL(c.req.url).host))
      throw new HttpProblem(403, `a page of ${origin.slice(0, 100)} may not change anything here`);
    await next();
  });
}

/** The scheme is not compared: behind a proxy that ends TLS it differs. */
function isOwn(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Lets in who may use the API. */
export function admit(access: Access) {
  return createMiddleware<Env>(async (c, next) => {
    const admission = await access.admit({
      authorization: c.req.header('authorization'),
      session: getCookie(c, sessionCookie),
      from: peerOf(c),
    });
    if (admission.kind !== 'admitted') throw refusalProblem(admission);
    c.set('stillValid', admission.stillValid);
    c.set('token', admission.token);
    await next();
  });
}
