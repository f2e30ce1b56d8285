import type { ChannelId } from '#device/contract';
import type { Measured } from '../sensors/port.ts';

export interface ChannelDescription {
  readonly channel: ChannelId;
  /** Goes into `meta` beside the unit. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A pack or a meter: a set of channels that are sampled together. */
export interface Asset {
  readonly id: string;
  readonly sampleIntervalMs: number;
  describe(): readonly ChannelDescription[];
  /** One reading per described channel. Never rejects. */
  sample(): Promise<ReadonlyMap<ChannelId, Measured>>;
}
