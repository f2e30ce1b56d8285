import { createHash } from 'node:crypto';

const words = 4;
const wordBytes = 6;
/** Sums of two words stay below 2^53, where numbers are exact. */
const modulus = 2 ** 48;

/**
 * Count and checksum of a set of texts, in whatever order they come: the sum of their SHA-256 digests, 192 bits of
 * each. (A sum and not an exclusive or: there, a text that is there twice would be as good as none.)
 */
export class ContentSum {
  readonly #sums: number[] = Array.from({ length: words }, () => 0);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** 48 hexadecimal digits. */
  get checksum(): string {
    return this.#sums.map((sum) => sum.toString(16).padStart(2 * wordBytes, '0')).join('');
  }

  add(text: string): void {
    this.#count += 1;
    const digest = createHash('sha256').update(text).digest();
    for (const [word, sum] of this.#sums.entries())
      this.#sums[word] = (sum + digest.readUIntBE(word * wordBytes, wordBytes)) % modulus;
  }
}
