import type { Health } from '#gateway/contract';
import { assumption } from './pack-shape.ts';
import { listOf, oneOf, shape, text } from './shape.ts';

type Device = Health['devices'][number];
type DeviceFound = Pick<Device, 'site' | 'device' | 'state'>;
type Unknown = Health['unknownAssets'][number];

/** What the first hour needs of `/health`. */
export interface HealthFound extends Pick<Health, 'unknownAssets' | 'assumptions'> {
  readonly devices: readonly DeviceFound[];
}

const device = shape<DeviceFound>({
  site: text,
  device: text,
  state: oneOf<Device['state']>({
    online: true,
    offline: true,
    lost: true,
    silent: true,
    unknown: true,
  }),
});

/** The gateway remembers at most 1,000 devices and 10,000 channels (gateway/view). */
export const healthFound = shape<HealthFound>({
  devices: listOf(device, 1_000),
  unknownAssets: listOf(
    shape<Unknown>({ site: text, device: text, asset: text, quantities: listOf(text, 100) }),
    10_000,
  ),
  assumptions: listOf(assumption, 100),
});
