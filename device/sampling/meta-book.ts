import { catalogue, type Meta, parseChannel } from '#device/contract';
import type { Asset } from './asset.ts';

/** What the channels are now. Some assets learn it while they run: a meter says its serial number when it is asked. */
export class MetaBook {
  readonly #assets: readonly Asset[];
  #meta: Meta;
  #changed = false;

  constructor(assets: readonly Asset[]) {
    this.#assets = assets;
    this.#meta = describeAssets(assets);
  }

  get current(): Meta {
    return this.#meta;
  }

  /** An asset describes itself differently from now on. */
  change(): void {
    this.#meta = describeAssets(this.#assets);
    this.#changed = true;
  }

  /** Whether anything has changed since the last call. */
  takeChange(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }
}

/** What every channel is, for discovery and for dating changes. */
function describeAssets(assets: readonly Asset[]): Meta {
  const channels = assets.flatMap((asset) =>
    asset.describe().map(({ channel, details }) => {
      const parsed = parseChannel(channel);
      if (typeof parsed === 'string') throw new Error(`${channel}: ${parsed}`);
      return [channel, { unit: catalogue[parsed.quantity].unit, ...details }] as const;
    }),
  );
  return { channels: Object.fromEntries(channels) };
}
