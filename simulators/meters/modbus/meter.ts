import { type Layout, layouts, type ModelName, type Shown, wordsOf } from './layouts.ts';

/** What is wrong with the way a meter answers. */
export type AnswerFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'late'; readonly byMs: number }
  /** Only the next answer is late. */
  | { readonly kind: 'late-once'; readonly byMs: number }
  | { readonly kind: 'garbage'; readonly seed: number }
  | { readonly kind: 'wrong-crc' };

export type Reply =
  | { readonly kind: 'words'; readonly words: readonly number[] }
  | { readonly kind: 'exception'; readonly code: number };

/** MODBUS Application Protocol V1.1b3, 7. */
const illegalFunction = 1;
const illegalAddress = 2;
const illegalValue = 3;
const mostWords = 125;

/** A meter whose truth only rises, and whose registers show what its faults make of it. */
export class SimulatedModbusMeter {
  readonly #layout: Layout;
  #truth = { importedWh: 0, exportedWh: 0, powerW: 0 };
  #serial: number;
  /** Shown less true: a reset, a wrap or another meter moves it. */
  #offset = { importedWh: 0, exportedWh: 0 };
  #wrapAtWh = Infinity;
  #wordsReversed = false;
  #jitterWh = 0;
  #zeroReads = 0;
  #reads = 0;
  answering: AnswerFault = { kind: 'none' };

  constructor(model: ModelName, serial: number) {
    this.#layout = layouts[model];
    this.#serial = serial;
  }

  /** Requests it has answered with words. */
  get reads(): number {
    return this.#reads;
  }

  get truth(): Readonly<{ importedWh: number; exportedWh: number; powerW: number }> {
    return this.#truth;
  }

  set(values: Partial<{ importedWh: number; exportedWh: number; powerW: number }>): void {
    this.#truth = { ...this.#truth, ...values };
  }

  /** The registers start again from 0 at `atWh`, and stand `marginWh` below it now. */
  wrapSoon(atWh: number, marginWh: number): void {
    this.#wrapAtWh = atWh;
    this.#show(atWh - marginWh);
  }

  /** Both registers stand at 0 now. */
  reset(): void {
    this.#show(0);
  }

  /** Another meter hangs here now. */
  swap(serial: number, startWh: number): void {
    this.#serial = serial;
    this.#show(startWh);
  }

  /** The next reads of registers show 0, as of a meter that has just got its supply back. */
  wakeUpZero(reads: number): void {
    this.#zeroReads = reads;
  }

  /** Every other read is this much too low. */
  jitter(wh: number): void {
    this.#jitterWh = wh;
  }

  reverseWords(reversed: boolean): void {
    this.#wordsReversed = reversed;
  }

  read(table: number, address: number, count: number): Reply {
    if (table !== 3 && table !== 4) return { kind: 'exception', code: illegalFunction };
    if (count < 1 || count > mostWords) return { kind: 'exception', code: illegalValue };
    const all = wordsOf(this.#layout, table, this.#shown(), this.#wordsReversed);
    const words = Array.from({ length: count }, (_, index) => all.get(address + index));
    if (!words.every((word) => word !== undefined))
      return { kind: 'exception', code: illegalAddress };
    this.#reads += 1;
    if (this.#zeroReads > 0) this.#zeroReads -= 1;
    return { kind: 'words', words };
  }

  #show(wh: number): void {
    const { importedWh, exportedWh } = this.#truth;
    this.#offset = { importedWh: wh - importedWh, exportedWh: wh - exportedWh };
  }

  #shown(): Shown {
    const { importedWh, exportedWh, powerW } = this.#truth;
    const serial = this.#serial;
    if (this.#zeroReads > 0) return { importedWh: 0, exportedWh: 0, powerW: 0, serial };
    const lowWh = this.#reads % 2 === 1 ? this.#jitterWh : 0;
    const show = (wh: number, offsetWh: number): number => {
      const shown = wh + offsetWh;
      return Math.max(0, (this.#wrapAtWh === Infinity ? shown : shown % this.#wrapAtWh) - lowWh);
    };
    return {
      importedWh: show(importedWh, this.#offset.importedWh),
      exportedWh: show(exportedWh, this.#offset.exportedWh),
      powerW,
      serial,
    };
  }
}
