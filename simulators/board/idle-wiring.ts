import type { Wiring } from './wiring.ts';

/** Nothing connected: a chip with its inputs at ground and no pin driven. Tests replace what they need. */
export const idleWiring: Wiring = {
  step() {
    return undefined;
  },
  inputVolts: () => 0,
  adcPresent: () => true,
  pinLevel: () => undefined,
};
