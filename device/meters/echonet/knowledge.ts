import type { QuantityName } from '#device/contract';
import type { Measured } from '../../sensors/port.ts';
import { identityOf, serialCodes, serialOf } from './identity.ts';
import {
  type Facts,
  type Measurement,
  type ObjectClass,
  readMeasurement,
  scaleOf,
  wrapAtOf,
} from './objects.ts';
import { epc, parsePropertyMap } from './properties.ts';

/** What is known of the meter behind an object: what it has, who made it, how its registers count. */
export class MeterKnowledge {
  readonly #object: ObjectClass;
  readonly #quantities: readonly QuantityName[] | undefined;
  #facts: Facts = new Map();
  #supported: ReadonlySet<number> | undefined;

  /** Without `quantities`: every required one of the class, and each optional one that the node has. */
  constructor(object: ObjectClass, quantities: readonly QuantityName[] | undefined) {
    this.#object = object;
    this.#quantities = quantities;
  }

  get measurements(): readonly Measurement[] {
    return this.#object.measurements.filter(
      ({ quantity, required, epc }) =>
        this.#quantities?.includes(quantity) ?? (required || this.#supported?.has(epc) === true),
    );
  }

  /** Measurements that the node says it does not have. */
  get missing(): readonly Measurement[] {
    const supported = this.#supported;
    return supported === undefined
      ? []
      : this.measurements.filter(({ epc }) => !supported.has(epc));
  }

  get serial(): string | undefined {
    return serialOf(this.#facts);
  }

  get identity(): Record<string, string> {
    return identityOf(this.#facts);
  }

  get wrapAt(): number | undefined {
    return wrapAtOf(this.#object, this.#facts, this.#supported);
  }

  /** Codes of a reading, as far as the node has them: what it takes to understand it comes with it, each time. */
  get readingCodes(): readonly number[] {
    const codes = [
      ...this.measurements.map(({ epc }) => epc),
      ...this.#object.scaling,
      ...serialCodes,
    ];
    const supported = this.#supported;
    return supported === undefined ? codes : codes.filter((code) => supported.has(code));
  }

  /** Takes an introduction in. Of another meter nothing that was known of the last one holds. */
  meet(properties: Facts): void {
    const same = serialOf(properties) === this.serial;
    const map = properties.get(epc.getMap);
    const supported = map === undefined ? undefined : parsePropertyMap(map);
    this.#supported = supported ?? (same ? this.#supported : undefined);
    this.#facts = new Map(same ? [...this.#facts, ...properties] : properties);
  }

  /** Whether these properties can be of the meter that is known. */
  isOf(properties: Facts): boolean {
    const said = serialOf(properties);
    return said === undefined || this.serial === undefined || said === this.serial;
  }

  learn(code: number, edt: Uint8Array): void {
    if (this.#object.scaling.includes(code)) this.#facts = new Map([...this.#facts, [code, edt]]);
  }

  read(measurement: Measurement, edt: Uint8Array): Measured {
    return readMeasurement(this.#object, measurement, edt, this.#facts, this.#supported);
  }

  /** What makes its registers unreadable, in words; undefined if nothing does. `edtOf` is what was read last. */
  troubleWith(edtOf: (code: number) => Uint8Array | undefined): string | undefined {
    const scale = scaleOf(this.#object, this.#facts, this.#supported);
    if (typeof scale === 'string') return scale;
    const over = this.measurements.find((measurement) => {
      const edt = edtOf(measurement.epc);
      const read = edt === undefined ? undefined : this.read(measurement, edt);
      return read?.quality === 'bad' && read.why === 'out-of-range';
    });
    return over === undefined ? undefined : `${over.quantity} is at or above its own limit`;
  }
}
