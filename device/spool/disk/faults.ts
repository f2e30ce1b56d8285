import type { Log } from '../../log.ts';

export type FaultArea = 'write' | 'read' | 'reserve' | 'sync' | 'make room';

const wayOut: Record<string, string> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the disk quota is used up: free some space',
  EROFS:
    'the disk is read-only: mount it writable, or replace the card if the kernel log names errors',
  EIO: 'the disk fails: replace the card',
  EACCES: 'not allowed: give the folder to the user this program runs as',
  EPERM: 'not allowed: give the folder to the user this program runs as',
};

/** What the disk refuses at the moment, by what was tried; it goes when the same succeeds. */
export class Faults {
  readonly #log: Log;
  readonly #texts = new Map<FaultArea, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  raise(area: FaultArea, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const text = `${area}: ${wayOut[code] ?? String(error)}`;
    if (this.#texts.get(area) !== text)
      this.#log.error({ area, error: String(error) }, `the spool's disk fails; ${text}`);
    this.#texts.set(area, text);
  }

  clear(area: FaultArea): void {
    if (this.#texts.delete(area)) this.#log.info({ area }, "the spool's disk works again");
  }

  /** For `state`, whose limit is 500 characters. */
  get text(): string | undefined {
    return this.#texts.size === 0 ? undefined : [...this.#texts.values()].join('; ').slice(0, 500);
  }
}
