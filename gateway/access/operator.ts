import { randomBytes } from 'node:crypto';
import { FailureTable, type FailureLimits } from './failures.ts';
import { hostIsKnown, isLoopback } from './hosts.ts';
import type { AccessMode } from './listeners.ts';
import type { PartnerToken } from './partner-token.ts';
import { HashSlots, SecretCheck, type Secret } from './secret.ts';
import { defaultSessionLimits, Sessions, type SessionLimits } from './sessions.ts';

export interface OperatorAccessParts {
  readonly mode: AccessMode;
  /** The operator's token; needed in mode `credentials`, ignored otherwise. */
  readonly secret: Secret | undefined;
  /** Address that is listened on. */
  readonly host: string;
  readonly publicHosts: readonly string[];
  readonly clock: { monotonicMs(): number };
  readonly random?: (bytes: number) => Buffer;
  readonly failureLimits?: FailureLimits;
  readonly sessionLimits?: SessionLimits;
}

/** What a request presents; `from` is the peer's address. */
export interface Presented {
  readonly authorization: string | undefined;
  readonly session: string | undefined;
  readonly from: string;
}

export type Refusal =
  | { readonly kind: 'refused'; readonly why: 'no-credentials' | 'wrong-credentials' }
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** A partner's token that opened once. */
  | { readonly kind: 'ended'; readonly why: 'expired' | 'revoked'; readonly token: PartnerToken };

/**
 * `stillValid` is asked again by whatever outlives the request (`/live`). With `token` only what that one opens may be
 * answered; without, it is the operator.
 */
export type Admission =
  | {
      readonly kind: 'admitted';
      readonly stillValid: () => boolean;
      readonly token?: PartnerToken;
    }
  | Refusal;

type LogIn =
  | { readonly kind: 'logged-in'; readonly session: string; readonly lifeMs: number }
  | { readonly kind: 'not-needed' }
  | Refusal;

/** Who may use HTTP: everybody while it is open, else whoever presents the operator's token or a session. */
export interface Access {
  readonly mode: AccessMode;
  /** Whether a browser that names this host may be answered (against DNS rebinding). */
  knowsHost(host: string): boolean;
  admit(presented: Presented): Promise<Admission>;
  logIn(token: string, from: string): Promise<LogIn>;
  logOut(session: string): void;
  /** For the metrics. */
  counts(): { readonly failedLogins: number; readonly sessions: number };
}

/** Decides for one gateway. Throws when credentials are demanded and there are none: a broken composition. */
export function createAccess(parts: OperatorAccessParts): Access {
  if (parts.mode !== 'credentials') return openAccess(parts.mode, parts);
  if (parts.secret === undefined) throw new Error('access by credentials needs the operator token');
  return new CredentialAccess(parts.secret, parts);
}

function openAccess(mode: AccessMode, { host, publicHosts }: OperatorAccessParts): Access {
  const reach = isLoopback(host) ? 'loopback' : 'network';
  return {
    mode,
    knowsHost: (named) => hostIsKnown(named, reach, publicHosts),
    admit: () => Promise.resolve({ kind: 'admitted', stillValid: () => true }),
    logIn: () => Promise.resolve({ kind: 'not-needed' }),
    logOut: () => undefined,
    counts: () => ({ failedLogins: 0, sessions: 0 }),
  };
}

/** The one account of HTTP, as the failure table names it. */
const operator = 'operator';

class CredentialAccess implements Access {
  readonly mode = 'credentials';
  readonly #check: SecretCheck;
  readonly #failures: FailureTable;
  readonly #sessions: Sessions;
  readonly #lifeMs: number;
  readonly #now: () => number;

  constructor(secret: Secret, parts: OperatorAccessParts) {
    const sessionLimits = parts.sessionLimits ?? defaultSessionLimits;
    this.#check = new SecretCheck(secret, new HashSlots(0));
    this.#failures = new FailureTable(parts.failureLimits);
    this.#sessions = new Sessions(parts.random ?? randomBytes, sessionLimits);
    this.#lifeMs = sessionLimits.lifeMs;
    this.#now = () => parts.clock.monotonicMs();
  }

  /** A rebound name brings no cookie and no token with it: nothing to check. */
  knowsHost(): boolean {
    return true;
  }

  async admit({ authorization, session, from }: Presented): Promise<Admission> {
    if (authorization !== undefined) return this.#admitBearer(authorization, from);
    if (session === undefined) return { kind: 'refused', why: 'no-credentials' };
    const stillValid = () => this.#sessions.use(session, this.#now());
    return stillValid()
      ? { kind: 'admitted', stillValid }
      : { kind: 'refused', why: 'wrong-credentials' };
  }

  async logIn(token: string, from: string): Promise<LogIn> {
    const refusal = await this.#try(token, from);
    if (refusal !== undefined) return refusal;
    return { kind: 'logged-in', session: this.#sessions.start(this.#now()), lifeMs: this.#lifeMs };
  }

  logOut(session: string): void {
    this.#sessions.end(session);
  }

  counts(): { failedLogins: number; sessions: number } {
    return { failedLogins: this.#failures.total, sessions: this.#sessions.size };
  }

  async #admitBearer(authorization: string, from: string): Promise<Admission> {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (token === undefined) return { kind: 'refused', why: 'no-credentials' };
    const refusal = await this.#try(token, from);
    return refusal ?? { kind: 'admitted', stillValid: () => true };
  }

  async #try(token: string, from: string): Promise<Refusal | undefined> {
    const waitMs = this.#failures.waitMs(from, operator, this.#now());
    if (waitMs > 0) return { kind: 'wait', waitMs };
    const verdict = await this.#check.check(token);
    if (verdict === 'right') return undefined;
    if (verdict === 'busy') return { kind: 'wait', waitMs: 1000 };
    this.#failures.record(from, operator, this.#now());
    return { kind: 'refused', why: 'wrong-credentials' };
  }
}
