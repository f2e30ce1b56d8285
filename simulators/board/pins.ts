import { AVRIOPort, PinState, portBConfig, portCConfig, portDConfig, type CPU } from 'avr8js';

/** Digital pins of an Uno that are free for wiring: 0 and 1 are the serial port. */
export const firstDigitalPin = 2;
export const lastDigitalPin = 13;

export interface Pins {
  /** Drives a digital pin from outside; undefined lets go of it. */
  drive(pin: number, level: boolean | undefined): void;
}

/**
 * Puts ports B, C and D on a CPU, wired as an Uno's digital pins 2 to 13 (D2..D7, B0..B5).
 *
 * A pin nobody drives reads high with the firmware's pull-up and low without: a real one floats, and a simulation that
 * is to repeat itself has to choose.
 */
export function attachPins(cpu: CPU): Pins {
  const portB = new AVRIOPort(cpu, portBConfig);
  const portD = new AVRIOPort(cpu, portDConfig);
  // Port C carries the analog inputs, which the ADC reads, and I2C, which TWI takes over; it needs no wiring here.
  void new AVRIOPort(cpu, portCConfig);
  const levels = new Map<number, boolean | undefined>();

  const apply = (pin: number): void => {
    const port = pin < 8 ? portD : portB;
    const index = pin % 8;
    const pulledUp = port.pinState(index) === PinState.InputPullUp;
    port.setPin(index, levels.get(pin) ?? pulledUp);
  };
  const applyFrom = (first: number, last: number): void => {
    for (let pin = first; pin <= last; pin += 1) if (levels.get(pin) === undefined) apply(pin);
  };
  portD.addListener(() => applyFrom(firstDigitalPin, 7));
  portB.addListener(() => applyFrom(8, lastDigitalPin));

  return {
    drive(pin, level) {
      if (levels.get(pin) === level) return;
      levels.set(pin, level);
      apply(pin);
    },
  };
}
