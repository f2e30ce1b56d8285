import { AVRTWI, twiConfig, type CPU, type TWIEventHandler } from 'avr8js';

/** A chip on the I2C bus, seen byte by byte. */
export interface I2cDevice {
  /** False while the chip is unplugged or without power: its address is not acknowledged. */
  present(): boolean;
  /** A (repeated) start with this chip's address. */
  start(): void;
  /** Takes one byte from the master; answers whether it is acknowledged. */
  write(byte: number): boolean;
  /** Gives the next byte to the master. */
  read(): number;
}

/** Bits on the wire per byte: eight and the acknowledgement (NXP UM10204, section 3.1.5). */
const bitsPerByte = 9;

/** What the master reads when nobody drives the bus: the pull-ups. */
const idleByte = 0xff;

/**
 * Puts TWI on a CPU with `devices` by 7-bit address. Every byte takes its time on the bus at the SCL frequency the
 * firmware has set; an absent chip does not acknowledge, and one that leaves in the middle reads as 0xff.
 */
export function attachTwi(
  cpu: CPU,
  clockHz: number,
  devices: ReadonlyMap<number, I2cDevice>,
): void {
  const twi = new AVRTWI(cpu, twiConfig, clockHz);
  twi.eventHandler = createBus(cpu, twi, clockHz, devices);
}

function createBus(
  cpu: CPU,
  twi: AVRTWI,
  clockHz: number,
  devices: ReadonlyMap<number, I2cDevice>,
): TWIEventHandler {
  let selected: I2cDevice | undefined;
  const afterBits = (bits: number, complete: () => void): void => {
    cpu.addClockEvent(complete, Math.ceil((bits * clockHz) / twi.sclFrequency));
  };
  const answering = (): I2cDevice | undefined => (selected?.present() ? selected : undefined);

  return {
    start() {
      afterBits(1, () => twi.completeStart());
    },
    stop() {
      selected = undefined;
      afterBits(1, () => twi.completeStop());
    },
    connectToSlave(address) {
      selected = devices.get(address);
      const device = answering();
      device?.start();
      afterBits(bitsPerByte, () => twi.completeConnect(device !== undefined));
    },
    writeByte(byte) {
      const acknowledged = answering()?.write(byte) ?? false;
      afterBits(bitsPerByte, () => twi.completeWrite(acknowledged));
    },
    readByte() {
      const byte = answering()?.read() ?? idleByte;
      afterBits(bitsPerByte, () => twi.completeRead(byte));
    },
  };
}
