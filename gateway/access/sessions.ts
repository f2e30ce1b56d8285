import { createHash } from 'node:crypto';

export interface SessionLimits {
  readonly sessions: number;
  /** A session nobody used for this long ends. */
  readonly idleMs: number;
  /** Any session ends after this long. */
  readonly lifeMs: number;
}

/** A wall display stays logged in over a long weekend; nobody does for more than a month. */
export const defaultSessionLimits: SessionLimits = {
  sessions: 200,
  idleMs: 4 * 24 * 3_600_000,
  lifeMs: 30 * 24 * 3_600_000,
};

interface Session {
  readonly startedMs: number;
  usedMs: number;
}

/**
 * Browser sessions, in memory only: a restart ends them. Ids are random and kept as digests, so that looking one up
 * takes the same time for every wrong guess. Times are monotonic milliseconds.
 */
export class Sessions {
  readonly #limits: SessionLimits;
  readonly #random: (bytes: number) => Buffer;
  readonly #byDigest = new Map<string, Session>();

  constructor(random: (bytes: number) => Buffer, limits: SessionLimits = defaultSessionLimits) {
    this.#random = random;
    this.#limits = limits;
  }

  get size(): number {
    return this.#byDigest.size;
  }

  /** Answers the id of a new session. When there are too many, the one unused for longest ends. */
  start(nowMs: number): string {
    this.#endExpired(nowMs);
    if (this.#byDigest.size >= this.#limits.sessions) this.#endLeastUsed();
    const id = this.#random(32).toString('base64url');
    this.#byDigest.set(digestOf(id), { startedMs: nowMs, usedMs: nowMs });
    return id;
  }

  /** Whether the session lives; using it keeps it from idling out. */
  use(id: string, nowMs: number): boolean {
    const session = this.#byDigest.get(digestOf(id));
    if (session === undefined || this.#expired(session, nowMs)) return false;
    session.usedMs = nowMs;
    return true;
  }

  end(id: string): void {
    this.#byDigest.delete(digestOf(id));
  }

  #expired(session: Session, nowMs: number): boolean {
    const { idleMs, lifeMs } = this.#limits;
    return nowMs - session.usedMs >= idleMs || nowMs - session.startedMs >= lifeMs;
  }

  #endExpired(nowMs: number): void {
    for (const [digest, session] of this.#byDigest)
      if (this.#expired(session, nowMs)) this.#byDigest.delete(digest);
  }

  #endLeastUsed(): void {
    let least: readonly [string, number] | undefined;
    for (const [digest, { usedMs }] of this.#byDigest)
      if (least === undefined || usedMs < least[1]) least = [digest, usedMs];
    if (least !== undefined) this.#byDigest.delete(least[0]);
  }
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
