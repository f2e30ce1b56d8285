import { createHash } from 'node:crypto';
import type { Health } from '#gateway/contract';
import type {
  QuarantineEntry,
  QuarantineReason,
  RefusedEvent,
  RefusedReading,
  Store,
  StoredReading,
} from '../store/port.ts';

/** Per device, so that one bad device cannot use up another's room, and over all devices. */
export interface QuarantineLimits {
  readonly entriesPerDevice: number;
  readonly bytesPerDevice: number;
  readonly bytesInAll: number;
}

interface Shelf {
  readonly entries: Map<string, { readonly bytes: number; readonly codes: readonly string[] }>;
  bytes: number;
  turnedAway: number;
}

/** Devices whose refused content is told apart; what more of them send badly is turned away, counted in `/metrics`. */
export const mostShelves = 10_000;

/** Refused content as it came, under an id made of the content: a resend is the same entry. */
export function quarantineEntry(
  origin: Pick<QuarantineEntry, 'site' | 'device' | 'topic' | 'receivedAt'>,
  bytes: Uint8Array,
  reasons: readonly QuarantineReason[],
): QuarantineEntry {
  const { site, device, topic, receivedAt } = origin;
  const digest = createHash('sha256').update(`${site}/${device}\n`).update(bytes).digest('hex');
  return { id: digest.slice(0, 32), site, device, topic, receivedAt, reasons, bytes };
}

/** Why a reading whose identity holds other content is refused (design.md, guarantee 2). */
export function conflictReason({ asset, quantity, at, value }: StoredReading): QuarantineReason {
  return {
    code: 'conflict',
    path: `readings.${asset}/${quantity}`,
    detail: `${value} at ${at}: other content is stored under this time already and stands`,
  };
}

/** Why a reading is refused that the database itself will not take. */
export function refusedReason({ reading, reason }: RefusedReading): QuarantineReason {
  const { asset, quantity, at, value } = reading;
  return {
    code: 'store-refused',
    path: `readings.${asset}/${quantity}`,
    detail: `${value} at ${at}: ${reason}`.slice(0, 500),
  };
}

/** The same of an event. */
export function refusedEventReason({ event, reason }: RefusedEvent): QuarantineReason {
  const detail = `${event.event.kind} at ${event.at}: ${reason}`.slice(0, 500);
  return { code: 'store-refused', path: `events.${event.index}`, detail };
}

/**
 * What is in quarantine, counted in memory so that the bound holds without asking the store. When a device's shelf is
 * full its bad frames are turned away and stay unacknowledged (design.md, guarantee 6).
 */
export class QuarantineBook {
  readonly #limits: QuarantineLimits;
  readonly #shelves = new Map<string, Shelf>();
  #bytes = 0;

  constructor(limits: QuarantineLimits) {
    this.#limits = limits;
  }

  static async load(store: Store, limits: QuarantineLimits): Promise<QuarantineBook> {
    const book = new QuarantineBook(limits);
    for await (const entry of store.quarantined({})) book.#put(entry);
    return book;
  }

  /** Room for an entry: `new` reserves it, `known` is already held, `full` turns it away. */
  admit(entry: QuarantineEntry): 'new' | 'known' | 'full' {
    if (this.#shelves.size >= mostShelves && !this.#shelves.has(placeOf(entry))) return 'full';
    const shelf = this.#shelf(entry);
    if (shelf.entries.has(entry.id)) return 'known';
    const size = entry.bytes.byteLength;
    const { entriesPerDevice, bytesPerDevice, bytesInAll } = this.#limits;
    if (
      shelf.entries.size >= entriesPerDevice ||
      shelf.bytes + size > bytesPerDevice ||
      this.#bytes + size > bytesInAll
    ) {
      shelf.turnedAway += 1;
      return 'full';
    }
    this.#put(entry);
    return 'new';
  }

  release(entry: QuarantineEntry): void {
    const shelf = this.#shelf(entry);
    if (!shelf.entries.delete(entry.id)) return;
    shelf.bytes -= entry.bytes.byteLength;
    this.#bytes -= entry.bytes.byteLength;
    shelf.turnedAway = 0;
  }

  totals(): Health['quarantine'] {
    const shelves = [...this.#shelves.entries()];
    const byReason: Record<string, number> = {};
    for (const [, shelf] of shelves)
      for (const { codes } of shelf.entries.values())
        for (const code of codes) byReason[code] = (byReason[code] ?? 0) + 1;
    return {
      entries: shelves.reduce((sum, [, shelf]) => sum + shelf.entries.size, 0),
      bytes: this.#bytes,
      byReason,
      fullFor: shelves.flatMap(([device, shelf]) => (shelf.turnedAway > 0 ? [device] : [])),
    };
  }

  #put(entry: QuarantineEntry): void {
    const shelf = this.#shelf(entry);
    const bytes = entry.bytes.byteLength;
    shelf.entries.set(entry.id, {
      bytes,
      codes: [...new Set(entry.reasons.map(({ code }) => code))],
    });
    shelf.bytes += bytes;
    this.#bytes += bytes;
  }

  #shelf(origin: Pick<QuarantineEntry, 'site' | 'device'>): Shelf {
    const key = placeOf(origin);
    const known = this.#shelves.get(key);
    if (known !== undefined) return known;
    const shelf: Shelf = { entries: new Map(), bytes: 0, turnedAway: 0 };
    this.#shelves.set(key, shelf);
    return shelf;
  }
}

function placeOf({ site, device }: Pick<QuarantineEntry, 'site' | 'device'>): string {
  return `${site}/${device}`;
}
