import { AVRUSART, usart0Config, type CPU } from 'avr8js';

/** RXC0 in UCSR0A: a received byte waits for the firmware (ATmega328P data sheet, USART0). */
const receiveComplete = 0x80;

export interface UsartLine {
  /** Queues bytes from the host; answers how many did not fit. They go in one at a time, at the firmware's baud rate. */
  receive(bytes: Uint8Array): number;
}

/**
 * Puts USART0 on a CPU with a host at the other end. `onByte` gets each byte when the firmware sends it.
 *
 * The next byte starts only when the firmware has taken the last one, which stands in for the two-byte receive buffer
 * that avr8js lacks: a firmware that is late by less than two characters loses nothing on the real chip either.
 */
export function attachUsart(
  cpu: CPU,
  clockHz: number,
  queueBytes: number,
  onByte: (byte: number) => void,
): UsartLine {
  const usart = new AVRUSART(cpu, usart0Config, clockHz);
  usart.onByteTransmit = onByte;
  const queue: number[] = [];

  const pump = (): void => {
    const taken = ((cpu.data[usart0Config.UCSRA] ?? 0) & receiveComplete) === 0;
    if (usart.rxBusy || !usart.rxEnable || !taken) return;
    const next = queue.shift();
    if (next !== undefined) usart.writeByte(next);
  };

  usart.onConfigurationChange = pump;
  const readData = cpu.readHooks[usart0Config.UDR];
  if (readData === undefined) throw new Error('avr8js: USART0 has no data register to read');
  cpu.readHooks[usart0Config.UDR] = (address) => {
    const byte = readData(address);
    pump();
    return byte;
  };

  return {
    receive(bytes) {
      const accepted = bytes.subarray(0, Math.max(0, queueBytes - queue.length));
      queue.push(...accepted);
      pump();
      return bytes.length - accepted.length;
    },
  };
}
