/** firmata-io 2.3.0 ships no types. Only what device/board uses. */
declare module 'firmata-io' {
  import type { EventEmitter } from 'node:events';

  interface FirmataPin {
    readonly supportedModes: readonly number[];
  }

  class Firmata extends EventEmitter {
    constructor(transport: object, options?: { reportVersionTimeout?: number });
    /** Bytes of the message that is being received. */
    readonly buffer: readonly number[];
    readonly pins: readonly FirmataPin[];
    readonly version: { readonly major?: number; readonly minor?: number };
    readonly firmware: { readonly name?: string };
    readonly MODES: { readonly INPUT: number; readonly PULLUP: number };
    readonly reportVersionTimeoutId: NodeJS.Timeout;
    pinMode(pin: number, mode: number): void;
  }

  export type { Firmata };
  const firmata: { Firmata: typeof Firmata };
  export default firmata;
}
