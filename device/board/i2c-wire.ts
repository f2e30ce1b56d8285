/**
 * I2C inside Firmata (protocol.md of firmata/protocol, "I2C"). Framed here and not by firmata-io's own methods because
 * those keep every board object for ever in a module-wide map (`i2cActive`), one per reconnection.
 */
const i2cRequest = 0x76;
const i2cConfig = 0x78;
const writeMode = 0b0000_0000;
const readOnceMode = 0b0000_1000;

/** Bytes as pairs of 7 bits, least significant first. */
function pairs(bytes: readonly number[]): number[] {
  return bytes.flatMap((byte) => [byte & 0x7f, (byte >> 7) & 0x7f]);
}

/** Enables I2C without a delay between writing a register and reading it. */
export function configureMessage(): number[] {
  return [i2cConfig, 0, 0];
}

/** @param address 7-bit address. */
export function writeMessage(address: number, bytes: readonly number[]): number[] {
  return [i2cRequest, address, writeMode, ...pairs(bytes)];
}

/** Asks for `count` bytes from `register`, once. */
export function readMessage(address: number, register: number, count: number): number[] {
  return [i2cRequest, address, readOnceMode, ...pairs([register, count])];
}

/** The event firmata-io emits with the bytes of an answer. */
export function replyEvent(address: number, register: number): string {
  return `I2C-reply-${address}-${register}`;
}
