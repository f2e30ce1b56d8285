import type { ModbusRequest, ReadFunction } from './port.ts';

interface Unanswered {
  readonly unit: number;
  readonly function: ReadFunction;
  readonly count: number;
  readonly atMs: number;
}

/** Longer than any meter or serial server holds an answer back. */
const forgottenAfterMs = 30_000;
/** A cap for a line where nothing ever answers. */
const mostKept = 256;
const probeCounts = [2, 4, 6, 8, 10, 12, 14, 16] as const;

/**
 * Requests of the last half minute that nobody answered. A serial answer does not say what it answers, only how long it
 * is; so while a late one may still come, its unit is asked for another number of words.
 */
export class UnansweredRequests {
  #requests: readonly Unanswered[] = [];

  add({ unit, function: code, count }: ModbusRequest, atMs: number): void {
    this.#requests = [...this.#requests, { unit, function: code, count, atMs }].slice(-mostKept);
  }

  /** The unit has answered something that is surely no late answer; units answer in order, so none is left. */
  settle(unit: number): void {
    this.#requests = this.#requests.filter((request) => request.unit !== unit);
  }

  /**
   * What to ask instead, and first: the request itself if no late answer can pass for its own, else the same address for
   * another number of words; undefined if there is nothing that could be told apart.
   */
  safeFirst(request: ModbusRequest, nowMs: number): ModbusRequest | undefined {
    this.#requests = this.#requests.filter(({ atMs }) => nowMs - atMs < forgottenAfterMs);
    const awaited = new Set(
      this.#requests
        .filter(({ unit, function: code }) => unit === request.unit && code === request.function)
        .map(({ count }) => count),
    );
    const count = [request.count, ...probeCounts].find((count) => !awaited.has(count));
    return count === undefined ? undefined : { ...request, count };
  }
}
