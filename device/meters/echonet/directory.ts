import { nodeProfile, parseInstanceList, epc } from './properties.ts';
import type { Property } from './frame.ts';

/** A home has a dozen nodes; more than this is no home, or somebody who invents them. */
const mostNodes = 256;

/** Which nodes there are and what they hold, from their answers and announcements. */
export class NodeDirectory {
  readonly #objects = new Map<string, readonly number[]>();
  #refused = 0;

  /** Nodes that were not taken in because the directory was full. */
  get refused(): number {
    return this.#refused;
  }

  /** Takes an instance list in, if this is one. Answers whether it was. */
  learn(address: string, object: number, properties: readonly Property[]): boolean {
    if (object !== nodeProfile) return false;
    const codes: readonly number[] = [epc.instanceList, epc.instanceListNotice];
    const found = properties.find((property) => codes.includes(property.epc));
    const objects = found === undefined ? undefined : parseInstanceList(found.edt);
    if (objects === undefined) return false;
    if (!this.#objects.has(address) && this.#objects.size >= mostNodes) {
      this.#refused += 1;
      return false;
    }
    this.#objects.set(address, objects);
    return true;
  }

  /** Addresses of the nodes that hold this object, in a fixed order. */
  holding(object: number): readonly string[] {
    return [...this.#objects]
      .filter(([, objects]) => objects.includes(object))
      .map(([address]) => address)
      .toSorted((a, b) => a.localeCompare(b));
  }

  forget(address: string): void {
    this.#objects.delete(address);
  }

  entries(): readonly (readonly [address: string, objects: readonly number[]])[] {
    return [...this.#objects];
  }
}
