import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** What a gateway is run with besides its configuration. */
export interface GatewayParts {
  readonly log: Log;
  readonly clock: Clock;
  readonly environment: NodeJS.ProcessEnv;
  readonly software: string;
  /** Folder of the built page; undefined serves the API alone. */
  readonly pageDir: string | undefined;
  /** Ends a start that waits for the store. */
  readonly stopping?: AbortSignal | undefined;
}

/** Registers what must be done at the end; later ones are done first. */
export type AtEnd = (end: () => Promise<void>) => void;
