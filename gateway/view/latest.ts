import type { QuantityName } from '#device/contract';
import type { StoredReading } from '../store/port.ts';

/**
 * The newest measured reading per channel. "Newest" is by device time, so that backlog, however late it comes, never
 * moves the live picture backwards (design.md, guarantee 5).
 */
export class Latest {
  readonly #readings = new Map<string, StoredReading>();
  readonly #limit: number;
  /** Readings of channels beyond the limit: stored, and not shown. */
  overlooked = 0;

  /** @param limit channels remembered; a device inventing channels cannot grow this without end. */
  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** True when the reading is now the newest of its channel. */
  observe(reading: StoredReading): boolean {
    const key = channelKey(reading.site, reading.device, reading.asset, reading.quantity);
    const known = this.#readings.get(key);
    if (known === undefined && this.#readings.size >= this.#limit) {
      this.overlooked += 1;
      return false;
    }
    if (known !== undefined && known.at >= reading.at) return false;
    this.#readings.set(key, reading);
    return true;
  }

  of(
    site: string,
    device: string,
    asset: string,
    quantity: QuantityName,
  ): StoredReading | undefined {
    return this.#readings.get(channelKey(site, device, asset, quantity));
  }

  all(): IterableIterator<StoredReading> {
    return this.#readings.values();
  }
}

function channelKey(site: string, device: string, asset: string, quantity: string): string {
  return `${site}/${device}/${asset}/${quantity}`;
}
