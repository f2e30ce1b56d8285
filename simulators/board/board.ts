import { createAds1115 } from './ads1115.ts';
import { firstDigitalPin, lastDigitalPin } from './pins.ts';
import type { SerialPeer } from './serial-peer.ts';
import { createUno, cyclesPerMs } from './uno.ts';
import type { Wiring } from './wiring.ts';

/** ADDR tied to ground (SBAS444, I2C address selection). */
const adcAddress = 0x48;

export interface Board extends SerialPeer {
  /** Virtual time since the board was made, milliseconds. It goes on across resets. */
  readonly simulatedMs: number;
  /** Bytes from the host that found the receive queue full. */
  readonly receiveOverflowBytes: number;
  /** Runs whole simulated milliseconds. What the firmware sends is delivered once per millisecond. */
  runMs(ms: number): void;
  /** Sets an analog input of the Uno itself, A0 to A5 as 0 to 5, in volts. */
  setAnalogVolts(input: number, volts: number): void;
}

export interface BoardOptions {
  /** Flash image (firmware.ts). */
  readonly firmware: Uint8Array;
  readonly wiring: Wiring;
}

/** A wired Uno: the firmware, an ADS1115 at 0x48 on its I2C bus, and pins 2 to 13 as the wiring says. */
export function createBoard({ firmware, wiring }: BoardOptions): Board {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  let transmitted: number[] = [];
  let running = false;
  let steppedMs = 0;

  const adc = createAds1115({
    nowMs: () => uno.simulatedMs,
    inputVolts: (pin) => wiring.inputVolts(pin),
    present: () => wiring.adcPresent(),
  });
  const uno = createUno({
    firmware,
    i2c: new Map([[adcAddress, adc]]),
    onByte: (byte) => transmitted.push(byte),
  });

  const runOneMs = (): void => {
    wiring.step(steppedMs);
    steppedMs += 1;
    for (let pin = firstDigitalPin; pin <= lastDigitalPin; pin += 1) {
      uno.setPinLevel(pin, wiring.pinLevel(pin));
    }
    adc.advance();
    uno.runCycles(cyclesPerMs);
  };

  const deliver = (): void => {
    if (transmitted.length === 0) return;
    const bytes = Uint8Array.from(transmitted);
    transmitted = [];
    for (const listener of listeners) listener(bytes);
  };

  return {
    get simulatedMs() {
      return uno.simulatedMs;
    },
    get receiveOverflowBytes() {
      return uno.receiveOverflowBytes;
    },
    runMs(ms) {
      if (running) throw new Error('runMs was called from within a callback of the running board');
      running = true;
      try {
        for (let done = 0; done < ms; done += 1) {
          runOneMs();
          deliver();
        }
      } finally {
        running = false;
      }
    },
    receive: (bytes) => uno.receive(bytes),
    setAnalogVolts: (input, volts) => uno.setAnalogVolts(input, volts),
    reset() {
      transmitted = [];
      uno.reset();
    },
    onTransmit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
