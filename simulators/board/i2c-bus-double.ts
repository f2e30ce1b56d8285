import type { I2cBus } from '../../device/board/linux-i2c.ts';
import type { Ads1115Core } from './ads1115-core.ts';

/** What the kernel says when no chip acknowledges (BCM2835's driver). */
class NobodyAnswers extends Error {
  readonly code = 'EREMOTEIO';

  constructor() {
    super('EREMOTEIO: remote I/O error');
  }
}

export interface I2cBusDouble extends I2cBus {
  readonly transfers: number;
}

/**
 * A bus as the i2c-bus package offers it, with ADS1115 chips on it by their addresses. Its transfers take time, and are
 * refused while another one is under way: whoever starts two at once has read what belongs to the other.
 */
export function createI2cBusDouble(
  chips: ReadonlyMap<number, { readonly core: Ads1115Core; readonly present: () => boolean }>,
): I2cBusDouble {
  let busy = false;
  let transfers = 0;
  const transfer = async <T>(address: number, act: (core: Ads1115Core) => T): Promise<T> => {
    if (busy) throw new Error('two transfers at once');
    busy = true;
    transfers += 1;
    await new Promise((resolve) => setImmediate(resolve));
    busy = false;
    const chip = chips.get(address);
    if (chip?.present() !== true) throw new NobodyAnswers();
    chip.core.advance();
    return act(chip.core);
  };
  return {
    get transfers() {
      return transfers;
    },
    i2cWrite: (address, length, buffer) =>
      transfer(address, (core) => {
        core.select(buffer.readUInt8(0));
        if (length === 3) core.store(buffer.readUInt16BE(1));
      }),
    readI2cBlock: (address, register, length, buffer) =>
      transfer(address, (core) => {
        core.select(register);
        buffer.writeUInt16BE(core.load(), 0);
        return { bytesRead: length };
      }),
    close: () => Promise.resolve(),
  };
}
