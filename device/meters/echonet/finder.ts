import type { Clock } from '../../clock/clock.ts';
import type { Log } from '../../log.ts';
import type { NodeDirectory } from './directory.ts';
import { hex } from './properties.ts';

export interface FinderParts {
  readonly directory: NodeDirectory;
  /** Asks all nodes what they hold; resolves when they had their time. */
  search(): Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every node of a house answers a search: a meter that is away does not make them do it with every sample. */
const searchEveryMs = 30_000;

/** Finds the one node with an object, wherever it is now. Of several none is taken: energy is not guessed. */
export class Finder {
  readonly #object: number;
  readonly #taken: ReadonlySet<string>;
  readonly #parts: FinderParts;
  #searchedMs = -Infinity;
  #doubt = '';

  /** `taken` are the addresses that other meters with the same object have in the configuration. */
  constructor(object: number, taken: ReadonlySet<string>, parts: FinderParts) {
    this.#object = object;
    this.#taken = taken;
    this.#parts = parts;
  }

  async locate(): Promise<string | undefined> {
    const { clock } = this.#parts;
    const mayBeMore = this.#searchedMs === -Infinity;
    if (mayBeMore || (this.#candidates().length === 0 && this.#searchIsDue())) {
      this.#searchedMs = clock.monotonicMs();
      await this.#parts.search();
    }
    const candidates = this.#candidates();
    this.#tellDoubt(candidates);
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  /** Addresses change: a node that fell silent is looked for anew. */
  lost(address: string): void {
    this.#parts.directory.forget(address);
  }

  #searchIsDue(): boolean {
    return this.#parts.clock.monotonicMs() - this.#searchedMs >= searchEveryMs;
  }

  #candidates(): readonly string[] {
    return this.#parts.directory
      .holding(this.#object)
      .filter((address) => !this.#taken.has(address));
  }

  #tellDoubt(candidates: readonly string[]): void {
    const doubt = candidates.length > 1 ? candidates.join(' ') : '';
    if (doubt !== '' && doubt !== this.#doubt)
      this.#parts.log.error(
        { object: hex(this.#object, 6), nodes: candidates },
        'several nodes have this object, and none is read: write the address of one into the configuration',
      );
    this.#doubt = doubt;
  }
}
