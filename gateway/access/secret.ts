import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { maxPasswordLength, verifyPassword, type PasswordHash } from './password.ts';

/** A secret as the configuration gives it: its hash, or (from a file or the environment) itself. */
export type Secret =
  | { readonly kind: 'hash'; readonly hash: PasswordHash }
  | { readonly kind: 'text'; readonly text: string };

/** `busy`: too many hashes are under way; try again later. */
export type Verdict = 'right' | 'wrong' | 'busy';

/**
 * Bounds the hashes computed at once, since each costs 16 MiB and keeps a core busy. Two by default: libuv's pool has
 * four threads, and files and names need some too. `queue` more may wait in line.
 */
export class HashSlots {
  readonly #queue: number;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(queue: number, slots = 2) {
    this.#queue = queue;
    this.#free = slots;
  }

  async run(task: () => Promise<boolean>): Promise<Verdict> {
    if (this.#free > 0) this.#free -= 1;
    else if (this.#waiting.length >= this.#queue) return 'busy';
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return (await task()) ? 'right' : 'wrong';
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
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
