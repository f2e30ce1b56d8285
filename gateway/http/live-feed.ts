import type { LivePlant } from '#gateway/contract';
import type { ChunkSource, StreamEnd } from './paced-stream.ts';
import type { Clock, HttpLimits } from './parts.ts';
import type { PlantView } from './port.ts';

export interface LiveFeedParts {
  readonly plant: PlantView;
  readonly clock: Clock;
  readonly limits: Pick<HttpLimits, 'liveClients' | 'liveMinIntervalMs' | 'liveHeartbeatMs'>;
}

export interface LiveCounts {
  readonly clients: number;
  /** Pictures that a slow client never got because a newer one was there first. */
  readonly skipped: number;
  /** Clients cut off because they took nothing for too long. */
  readonly cutOff: number;
  /** Clients turned away because there were too many. */
  readonly turnedAway: number;
}

/**
 * The live picture for any number of browsers: built once, at most every `liveMinIntervalMs` and at least every
 * `liveHeartbeatMs`, and handed to each client when its socket wants it. A client holds no queue: the newest picture
 * replaces the one it did not take. Builds nothing while nobody watches.
 */
export class LiveFeed {
  readonly #parts: LiveFeedParts;
  readonly #clients = new Set<LiveClient>();
  #unsubscribe: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #picture: Picture | undefined;
  #closed = false;
  #skipped = 0;
  #cutOff = 0;
  #turnedAway = 0;

  constructor(parts: LiveFeedParts) {
    this.#parts = parts;
  }

  /** A stream of events for one client, from the present picture on; undefined when there are too many clients. */
  open(stillValid: () => boolean): ChunkSource | undefined {
    if (this.#closed || this.#clients.size >= this.#parts.limits.liveClients) {
      this.#turnedAway += 1;
      return undefined;
    }
    const { plant, limits } = this.#parts;
    // Before the client is counted: a plant that cannot be shown must not use up a place.
    if (this.#picture === undefined || this.#ageMs(this.#picture) >= limits.liveMinIntervalMs)
      this.#build();
    this.#unsubscribe ??= plant.subscribe(() => this.#changed());
    const client = new LiveClient(this, stillValid);
    this.#clients.add(client);
    return client;
  }

  get picture(): Picture | undefined {
    return this.#picture;
  }

  counts(): LiveCounts {
    const counts = { skipped: this.#skipped, cutOff: this.#cutOff, turnedAway: this.#turnedAway };
    return { clients: this.#clients.size, ...counts };
  }

  /** Ends every client's stream in order; no new ones from now on. */
  close(): void {
    this.#closed = true;
    for (const client of this.#clients) client.finish();
  }

  noteSkipped(pictures: number): void {
    this.#skipped += pictures;
  }

  leave(client: LiveClient, how: StreamEnd): void {
    this.#clients.delete(client);
    if (how.kind === 'stuck') this.#cutOff += 1;
    if (this.#clients.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#picture = undefined;
  }

  #changed(): void {
    if (this.#picture?.stale === true) return;
    if (this.#picture !== undefined) this.#picture.stale = true;
    const sinceMs = this.#picture === undefined ? Infinity : this.#ageMs(this.#picture);
    this.#buildIn(Math.max(0, this.#parts.limits.liveMinIntervalMs - sinceMs));
  }

  #build(): void {
    const { plant, clock, limits } = this.#parts;
    const plantNow = {
      at: clock.wallMs(),
      sites: plant.sites(),
      packs: plant.packs(),
      generators: plant.generators(),
      alarms: plant.alarms(),
      problems: plant.problems(),
    };
    const number = (this.#picture?.number ?? 0) + 1;
    this.#picture = { number, bytes: encode(plantNow), builtMs: clock.monotonicMs(), stale: false };
    this.#buildIn(limits.liveHeartbeatMs);
    for (const client of this.#clients) client.wake();
  }

  #buildIn(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#build(), waitMs);
  }

  #ageMs(picture: Picture): number {
    return this.#parts.clock.monotonicMs() - picture.builtMs;
  }
}

interface Picture {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly builtMs: number;
  /** Something changed since it was built: the next one is due. */
  stale: boolean;
}

class LiveClient implements ChunkSource {
  readonly #feed: LiveFeed;
  readonly #stillValid: () => boolean;
  #sent = 0;
  #finished = false;
  #wake: (() => void) | undefined;

  constructor(feed: LiveFeed, stillValid: () => boolean) {
    this.#feed = feed;
    this.#stillValid = stillValid;
  }

  /** Waits for a picture newer than the one sent last; ends when the session behind the client did. */
  async next(): Promise<Uint8Array | undefined> {
    while (!this.#finished) {
      const { picture } = this.#feed;
      if (picture !== undefined && picture.number > this.#sent) return this.#take(picture);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return undefined;
  }

  wake(): void {
    this.#wake?.();
  }

  finish(): void {
    this.#finished = true;
    this.wake();
  }

  ended(how: StreamEnd): void {
    this.#feed.leave(this, how);
    this.finish();
  }

  #take(picture: Picture): Uint8Array | undefined {
    if (!this.#stillValid()) return undefined;
    if (this.#sent > 0) this.#feed.noteSkipped(picture.number - this.#sent - 1);
    this.#sent = picture.number;
    return picture.bytes;
  }
}

/** One server-sent event (WHATWG HTML, section 9.2); JSON holds no line break. */
function encode(plant: LivePlant): Uint8Array {
  return Buffer.from(`event: plant\ndata: ${JSON.stringify(plant)}\n\n`);
}
