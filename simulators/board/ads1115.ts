import { createAds1115Core, type Ads1115Options } from './ads1115-core.ts';
import type { I2cDevice } from './twi-bus.ts';

/**
 * The TI ADS1115 seen through its registers. Source for everything here: TI, ADS111x data sheet, SBAS444 (register
 * map, operating modes, conversion). Not modelled: the comparator and its ALERT/RDY pin (the threshold registers only store), general-call
 * reset, noise, and the data rate's tolerance of 10 %.
 */
export interface Ads1115 extends I2cDevice {
  /** Finishes every conversion whose time has come. Call it at least once a simulated millisecond. */
  advance(): void;
}

/** What the chip gives when it is read beyond the two bytes of a register: nothing, so the pull-ups show. */
const beyondRegister = 0xff;

export function createAds1115(options: Ads1115Options): Ads1115 {
  const core = createAds1115Core(options);
  let received = 0;
  let highByte = 0;
  let unread: number[] | undefined;

  return {
    present: options.present,
    advance: () => core.advance(),
    start() {
      core.advance();
      received = 0;
      unread = undefined;
    },
    write(byte) {
      core.advance();
      if (received === 0) core.select(byte);
      if (received === 1) highByte = byte;
      if (received === 2) core.store(highByte * 256 + byte);
      received += 1;
      return true;
    },
    read() {
      core.advance();
      // Both bytes come from one moment, so a conversion that ends between them cannot tear the value.
      unread ??= [core.load() >> 8, core.load() & 0xff];
      return unread.shift() ?? beyondRegister;
    },
  };
}
