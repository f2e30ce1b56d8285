import { startBoard } from '../system/device-harness.ts';
import type { Wiring } from '../../simulators/board/wiring.ts';

/** Codes of a 4-20 mA loop over 150 ohm at a full scale of 4.096 V: 0.6 V is 4,800, 3 V is 24,000. */
const firstCode = 4_800;
const codes = 19_200;
const voltsPerCode = 4.096 / 32_768;
const shuntOhm = 150;

/** What the loop's current means, computed from the wiring and not by the program under test. */
export function pressureOfCode(code: number): number {
  const milliamperes = ((code * voltsPerCode) / shuntOhm) * 1000;
  return ((milliamperes - 4) / 16) * 40;
}

/**
 * The truth about the real device: a pressure loop that rises by one code at every conversion the ADC completes. Each
 * conversion has a number, and each stored value says which conversion it was.
 */
export class CountingLoop implements Wiring {
  /** True time of every conversion completed so far, epoch milliseconds. */
  readonly #completedMs: number[] = [];

  /** Conversions completed so far, and so the number of the next one. */
  get conversions(): number {
    return this.#completedMs.length;
  }

  completedMs(conversion: number): number {
    return this.#completedMs[conversion] ?? Number.NaN;
  }

  inputVolts(pin: 0 | 1 | 2 | 3): number {
    if (pin !== 0) return 0;
    const code = this.codeOf(this.conversions);
    this.#completedMs.push(Date.now());
    return code * voltsPerCode;
  }

  /** What the converter gave, or will give, at a conversion. */
  codeOf(conversion: number): number {
    return firstCode + (conversion % codes);
  }

  /** The number of the most recent conversion with this code; undefined if there was none. */
  conversionOf(code: number): number | undefined {
    const step = code - firstCode;
    if (!Number.isInteger(step) || step < 0 || step >= codes) return undefined;
    const rounds = Math.floor((this.conversions - 1 - step) / codes);
    return rounds < 0 ? undefined : step + rounds * codes;
  }

  adcPresent(): boolean {
    return true;
  }

  step(): void {
    // Nothing here moves by time.
  }

  pinLevel(): undefined {
    return undefined;
  }
}

/** The real firmware with that loop on its ADS1115, behind a TCP port. */
export async function startCountingBoard() {
  const loop = new CountingLoop();
  const { url, stop } = await startBoard(loop);
  return { loop, url, stop };
}
