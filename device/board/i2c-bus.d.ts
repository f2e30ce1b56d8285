/** i2c-bus 5.2.3 ships no types. Only what device/board uses. */
declare module 'i2c-bus' {
  interface PromisifiedBus {
    i2cWrite(address: number, length: number, buffer: Buffer): Promise<unknown>;
    readI2cBlock(
      address: number,
      command: number,
      length: number,
      buffer: Buffer,
    ): Promise<{ readonly bytesRead: number }>;
    close(): Promise<void>;
  }

  const i2c: { openPromisified(busNumber: number): Promise<PromisifiedBus> };
  export default i2c;
  export type { PromisifiedBus };
}
