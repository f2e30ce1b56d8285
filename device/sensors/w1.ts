import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { fault, type Measured, type Sensor } from './port.ts';

/** A DS18B20 takes 750 ms for 12 bits, so a reading is taken between samples and may be this old when it is used. */
const freshMs = 3_000;
/** DS18B20 data sheet: the register after power-up. A real 85 degC has neighbours; the reset value has none. */
const resetMilliC = 85_000;
const neighbourMilliC = 1_000;
/** What drivers give for a bus that is pulled nowhere. */
const busErrorMilliC = -127_000;
const rangeMilliC = [-55_000, 125_000] as const;

/** Reads what the kernel wrote in `temperature`, in milli-degC. `previousMilliC` is the last good one, if any. */
export function parseW1(text: string, previousMilliC: number | undefined): Measured {
  const trimmed = text.trim();
  const milliC = Number(trimmed);
  if (trimmed === '' || !Number.isInteger(milliC)) return fault('bus-error');
  if (milliC === busErrorMilliC) return fault('bus-error', milliC);
  const near = Math.abs((previousMilliC ?? -Infinity) - resetMilliC) <= neighbourMilliC;
  if (milliC === resetMilliC && !near) return fault('no-data', milliC);
  if (milliC < rangeMilliC[0] || milliC > rangeMilliC[1]) return fault('out-of-range', milliC);
  return { value: milliC / 1_000, raw: milliC, quality: 'good' };
}

/**
 * A Linux 1-wire thermometer, `{path}/{sensor}/temperature`. Each `read` begins a reading and answers with the last
 * one that finished, if it is fresh. A missing sensor is `no-data`, a failing bus `bus-error`, a kernel that hangs `stale`.
 */
export class W1Thermometer implements Sensor {
  readonly #file: string;
  readonly #clock: Clock;
  #latest: { readonly measured: Measured; readonly atMs: number } | undefined;
  #previousMilliC: number | undefined;
  #reading: Promise<void> | undefined;
  #startedMs = 0;

  constructor(path: string, sensor: string, clock: Clock) {
    this.#file = join(path, sensor, 'temperature');
    this.#clock = clock;
  }

  async read(): Promise<Measured> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#reading === undefined) {
      this.#startedMs = nowMs;
      this.#reading = this.#refresh().finally(() => {
        this.#reading = undefined;
      });
    } else if (nowMs - this.#startedMs > freshMs) return fault('stale');
    const fresh = this.#latest !== undefined && nowMs - this.#latest.atMs <= freshMs;
    if (!fresh) await this.#reading;
    return this.#latest?.measured ?? fault('no-data');
  }

  async #refresh(): Promise<void> {
    const measured = await readFile(this.#file, 'utf8').then(
      (text) => parseW1(text, this.#previousMilliC),
      (error: NodeJS.ErrnoException) => fault(error.code === 'ENOENT' ? 'no-data' : 'bus-error'),
    );
    if (measured.quality === 'good') this.#previousMilliC = measured.raw;
    this.#latest = { measured, atMs: this.#clock.monotonicMs() };
  }
}
