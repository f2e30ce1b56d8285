import { z } from 'zod';

/** Site, device and asset ids. `_` cannot begin one, so `_gateway` and `_alarms` never collide with a device. */
export const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const idSchema = z
  .string()
  .regex(idPattern, 'must match [a-z0-9][a-z0-9-]{0,62}: small letters, digits, hyphens');

/** Reserved for readings entered by a person (design.md, wire contract): no device may use it. */
export const manualDeviceId = 'manual';

export const deviceIdSchema = idSchema.refine((id) => id !== manualDeviceId, {
  error: 'the device id "manual" is reserved for readings entered by a person',
});
