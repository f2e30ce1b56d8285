import {
  ADCMuxInputType,
  AVRADC,
  AVRTimer,
  CPU,
  adcConfig,
  avrInstruction,
  timer0Config,
  timer1Config,
  timer2Config,
} from 'avr8js';
import { attachPins, firstDigitalPin, lastDigitalPin, type Pins } from './pins.ts';
import { attachTwi, type I2cDevice } from './twi-bus.ts';
import { attachUsart, type UsartLine } from './usart-line.ts';

/** The crystal of an Uno. */
const clockHz = 16_000_000;
export const cyclesPerMs = clockHz / 1000;

/** ATmega328P data sheet (Microchip DS40002061B), AVR memories. */
const ramBytes = 2048;

/** About 0.7 s of a 57600 baud line: more waiting than that is a host that does not listen. */
const receiveQueueBytes = 4096;

export interface Uno {
  /** Virtual time since the Uno was made, milliseconds. It goes on across resets. */
  readonly simulatedMs: number;
  /** Bytes from the host that found the receive queue full, since the Uno was made. */
  readonly receiveOverflowBytes: number;
  /** Runs at least `cycles` clock cycles: whole instructions, the excess counted against the next call. */
  runCycles(cycles: number): void;
  /** Sends bytes from the host to the firmware at the firmware's baud rate. */
  receive(bytes: Uint8Array): void;
  /** Drives a digital pin, 2 to 13, from outside; undefined lets go of it. */
  setPinLevel(pin: number, level: boolean | undefined): void;
  /** Sets an analog input, A0 to A5 as 0 to 5, in volts. */
  setAnalogVolts(input: number, volts: number): void;
  /** The reset button: RAM and peripherals fresh, bytes under way lost, the firmware boots. Wiring stays. */
  reset(): void;
}

export interface UnoOptions {
  /** Flash image. */
  readonly firmware: Uint8Array;
  /** I2C devices by 7-bit address. */
  readonly i2c: ReadonlyMap<number, I2cDevice>;
  /** Gets every byte the firmware sends. */
  readonly onByte: (byte: number) => void;
}

/** One life of the chip, from reset to reset. */
interface Chip {
  readonly cpu: CPU;
  readonly pins: Pins;
  readonly line: UsartLine;
}

/** An Arduino Uno: an ATmega328P at 16 MHz with timers 0 to 2, USART0, ADC, TWI and its ports, on a virtual clock. */
export function createUno({ firmware, i2c, onByte }: UnoOptions): Uno {
  const flash = flashWords(firmware);
  const pinLevels = new Map<number, boolean | undefined>();
  const analogVolts = [0, 0, 0, 0, 0, 0];
  let pastCycles = 0;
  let dueCycles = 0;
  let receiveOverflowBytes = 0;

  const boot = (): Chip => {
    const cpu = new CPU(flash, ramBytes);
    for (const timer of [timer0Config, timer1Config, timer2Config]) void new AVRTimer(cpu, timer);
    attachAdc(cpu, analogVolts);
    attachTwi(cpu, clockHz, i2c);
    const pins = attachPins(cpu);
    for (const [pin, level] of pinLevels) pins.drive(pin, level);
    return { cpu, pins, line: attachUsart(cpu, clockHz, receiveQueueBytes, onByte) };
  };
  let chip = boot();

  return {
    get simulatedMs() {
      return (pastCycles + chip.cpu.cycles) / cyclesPerMs;
    },
    get receiveOverflowBytes() {
      return receiveOverflowBytes;
    },
    runCycles(cycles) {
      dueCycles += cycles;
      runUntilCycle(chip.cpu, dueCycles - pastCycles);
    },
    receive(bytes) {
      receiveOverflowBytes += chip.line.receive(bytes);
    },
    setPinLevel(pin, level) {
      if (!Number.isInteger(pin) || pin < firstDigitalPin || pin > lastDigitalPin) {
        throw new Error(`digital pin ${pin}: an Uno has ${firstDigitalPin} to ${lastDigitalPin}`);
      }
      pinLevels.set(pin, level);
      chip.pins.drive(pin, level);
    },
    setAnalogVolts(input, volts) {
      if (!(input in analogVolts)) throw new Error(`analog input A${input}: an Uno has A0 to A5`);
      if (!Number.isFinite(volts))
        throw new Error(`analog input A${input}: ${volts} is not a voltage`);
      analogVolts[input] = volts;
    },
    reset() {
      pastCycles += chip.cpu.cycles;
      chip = boot();
    },
  };
}

function runUntilCycle(cpu: CPU, until: number): void {
  // A local, because bundlers and test runners turn an imported name into a getter, which is felt at 8 MHz.
  const execute = avrInstruction;
  while (cpu.cycles < until) {
    execute(cpu);
    cpu.tick();
  }
}

function attachAdc(cpu: CPU, volts: readonly number[]): void {
  const adc = new AVRADC(cpu, adcConfig);
  const convert = adc.onADCRead;
  adc.onADCRead = (input) => {
    if (input.type === ADCMuxInputType.SingleEnded) {
      adc.channelValues[input.channel] = volts[input.channel] ?? 0;
    }
    convert(input);
  };
}

/** AVR program memory is little-endian words. */
function flashWords(image: Uint8Array): Uint16Array {
  const words = new Uint16Array(Math.ceil(image.length / 2));
  for (const [index, byte] of image.entries()) {
    words[index >> 1] = (words[index >> 1] ?? 0) | (byte << (8 * (index % 2)));
  }
  return words;
}
