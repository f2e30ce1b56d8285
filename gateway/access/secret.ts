import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { maxPasswordLength, verifyPassword, type PasswordHash } from './password.ts';

/** A secret as the configuration gives it: its hash, or (from a file or the environment) itself. */
export type Secret =
  | { readonly kind: 'hash'; readonly hash: PasswordHash }
  | { readonly kind: 'text'; readonly text: string };

/** Answers `busy` instead of queueing without end: each hash costs tens of milliseconds and 16 MiB. */
export type Verdict = 'right' | 'wrong' | 'busy';

/** Hashes that may be computed at once: all of libuv's default pool but two threads, which files and DNS need. */
export class HashSlots {
  #free: number;

  constructor(slots = 2) {
    this.#free = slots;
  }

  /** Runs the task when a slot is free, else answers `busy` at once. */
  async run(task: () => Promise<boolean>): Promise<Verdict> {
    if (this.#free === 0) return 'busy';
    this.#free -= 1;
    try {
      return (await task()) ? 'right' : 'wrong';
    } finally {
      this.#free += 1;
    }
  }
}

/**
 * Compares what somebody presented with one secret, in constant time. A text once found right is remembered as a
 * keyed digest under a key that never leaves this process, so that a program that sends its token with every
 * request does not cost a hash each time.
 */
export class SecretCheck {
  readonly #secret: Secret;
  readonly #slots: HashSlots;
  readonly #digestKey = randomBytes(32);
  #known: Buffer | undefined;

  constructor(secret: Secret, slots: HashSlots) {
    this.#secret = secret;
    this.#slots = slots;
    if (secret.kind === 'text') this.#known = this.#digest(secret.text);
  }

  async check(presented: string): Promise<Verdict> {
    if (presented.length > maxPasswordLength) return 'wrong';
    const digest = this.#digest(presented);
    if (this.#known !== undefined && timingSafeEqual(digest, this.#known)) return 'right';
    const secret = this.#secret;
    if (secret.kind === 'text') return 'wrong';
    const verdict = await this.#slots.run(() => verifyPassword(presented, secret.hash));
    if (verdict === 'right') this.#known = digest;
    return verdict;
  }

  #digest(text: string): Buffer {
    return createHmac('sha256', this.#digestKey).update(text).digest();
  }
}
