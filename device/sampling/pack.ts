import { channelId, type ChannelId } from '#device/contract';
import type { Measured, Sensor } from '../sensors/port.ts';
import type { Asset, ChannelDescription } from './asset.ts';

export interface SensedQuantity {
  readonly quantity: 'pressure' | 'temperature';
  readonly sensor: Sensor;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A cylinder pack: its pressure and temperature, asked for in the same instant. */
export function createPack(
  id: string,
  sampleIntervalMs: number,
  sensed: readonly SensedQuantity[],
): Asset {
  return {
    id,
    sampleIntervalMs,
    describe: (): ChannelDescription[] =>
      sensed.map(({ quantity, details }) => ({ channel: channelId(id, quantity), details })),
    sample: async () => {
      const measured = sensed.map(async ({ quantity, sensor }): Promise<[ChannelId, Measured]> => [
        channelId(id, quantity),
        await sensor.read(),
      ]);
      return new Map(await Promise.all(measured));
    },
  };
}
