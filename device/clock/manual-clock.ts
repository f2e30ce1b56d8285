import type { Clock } from './clock.ts';

/** A clock that moves only when told to, for tests of whatever takes a clock. */
export class ManualClock implements Clock {
  #monotonicMs = 0;
  #wallMs: number;
  #trusted: boolean;

  constructor(start: { readonly wallMs: number; readonly trusted: boolean }) {
    this.#wallMs = start.wallMs;
    this.#trusted = start.trusted;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  offsetMs(): number {
    return this.#wallMs - this.#monotonicMs;
  }

  trusted(): boolean {
    return this.#trusted;
  }

  pass(ms: number): void {
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }

  setWall(wallMs: number, trusted: boolean): void {
    this.#wallMs = wallMs;
    this.#trusted = trusted;
  }
}
