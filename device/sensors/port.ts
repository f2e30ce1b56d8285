import type { Why } from '#device/contract';

/** One measured value, or null and the reason; as a reading has it on the wire, without its channel. */
export type Measured =
  | { readonly value: number; readonly raw?: number; readonly quality: 'good' }
  | {
      readonly value: number | null;
      readonly raw?: number;
      readonly quality: 'uncertain' | 'bad';
      readonly why: Why;
    };

/** Something that can be asked for its present value, in the unit of its quantity. Never rejects. */
export interface Sensor {
  read(): Promise<Measured>;
}

/** A fault: unknown is shown as unknown (guarantee 3), never as 0 and never as the last good value. */
export function fault(why: Why, raw?: number): Measured {
  return { value: null, ...(raw !== undefined && { raw }), quality: 'bad', why };
}
