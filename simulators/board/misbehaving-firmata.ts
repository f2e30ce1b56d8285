import type { SerialPeer } from './serial-peer.ts';

/** How a board that is not what it should be behaves. Everything else about it is in order. */
export type Misbehaviour =
  /** Never says anything. */
  | { readonly kind: 'silence' }
  /** Answers every open and every write with noise: a wrong baud rate, a modem, another program. */
  | { readonly kind: 'garbage'; readonly seed: number }
  /** Stops for ever in the middle of its capability list. */
  | { readonly kind: 'half-message' }
  /** Speaks another protocol version, in perfect order. */
  | { readonly kind: 'wrong-version'; readonly major: number; readonly minor: number }
  /** Completes the handshake and then never reports a reading. */
  | { readonly kind: 'mute' };

/** Firmata protocol 2.5 (github.com/firmata/protocol, protocol.md): message bytes. */
const startSysex = 0xf0;
const endSysex = 0xf7;
const reportVersion = 0xf9;
const query = { firmware: 0x79, capability: 0x6b, analogMapping: 0x69 } as const;
const capabilityResponse = 0x6c;
const analogMappingResponse = 0x6a;
const endOfPin = 0x7f;
const noAnalogChannel = 0x7f;

const noiseBytes = 256;

/**
 * A few lines of Firmata that go wrong in one chosen way, for tests of what a device program does then. It answers
 * queries only; it has no pins.
 */
export function createMisbehavingFirmata(misbehaviour: Misbehaviour): SerialPeer {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const noise = noiseSource(misbehaviour.kind === 'garbage' ? misbehaviour.seed : 0);
  let command: number[] = [];

  // As on a wire, nothing arrives within the call that caused it.
  const send = (bytes: readonly number[]): void => {
    if (bytes.length === 0) return;
    setImmediate(() => {
      for (const listener of listeners) listener(Uint8Array.from(bytes));
    });
  };

  const take = (byte: number): void => {
    // Every command is a single byte or sysex; a longer one than any query is not for us.
    if (byte >= 0x80 && byte !== endSysex) command = [];
    if (command.length < 4) command.push(byte);
    send(answer(misbehaviour, command));
  };

  return {
    reset() {
      command = [];
      if (misbehaviour.kind === 'garbage') send(noise());
      else send([...version(misbehaviour), ...firmware(misbehaviour)]);
    },
    receive(bytes) {
      if (misbehaviour.kind === 'garbage') send(noise());
      else for (const byte of bytes) take(byte);
    },
    onTransmit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function answer(misbehaviour: Misbehaviour, command: readonly number[]): readonly number[] {
  const [first, code, last] = command;
  if (command.length === 1 && first === reportVersion) return version(misbehaviour);
  if (command.length !== 3 || first !== startSysex || last !== endSysex) return [];
  return replies.get(code)?.(misbehaviour) ?? [];
}

/** Twenty pins like an Uno's, every one a digital input (mode 0, one bit) and the last six analog (mode 2, ten bits). */
const pinCount = 20;
const firstAnalogPin = 14;

function version(misbehaviour: Misbehaviour): readonly number[] {
  if (misbehaviour.kind === 'silence') return [];
  const { major, minor } =
    misbehaviour.kind === 'wrong-version' ? misbehaviour : { major: 2, minor: 5 };
  return [reportVersion, major, minor];
}

function firmware(misbehaviour: Misbehaviour): readonly number[] {
  if (misbehaviour.kind === 'silence') return [];
  const [, major = 2, minor = 5] = version(misbehaviour);
  const name = [...Buffer.from('StandardFirmata.ino')].flatMap((byte) => [byte & 0x7f, byte >> 7]);
  return [startSysex, query.firmware, major, minor, ...name, endSysex];
}

function capabilities(misbehaviour: Misbehaviour): readonly number[] {
  if (misbehaviour.kind === 'silence') return [];
  const pins = Array.from({ length: pinCount }, (_, pin) =>
    pin < firstAnalogPin ? [0, 1, endOfPin] : [0, 1, 2, 10, endOfPin],
  );
  const message = [startSysex, capabilityResponse, ...pins.flat(), endSysex];
  return misbehaviour.kind === 'half-message' ? message.slice(0, message.length / 2) : message;
}

function analogMapping(misbehaviour: Misbehaviour): readonly number[] {
  if (misbehaviour.kind === 'silence' || misbehaviour.kind === 'half-message') return [];
  const channels = Array.from({ length: pinCount }, (_, pin) =>
    pin < firstAnalogPin ? noAnalogChannel : pin - firstAnalogPin,
  );
  return [startSysex, analogMappingResponse, ...channels, endSysex];
}

const replies: ReadonlyMap<number | undefined, (misbehaviour: Misbehaviour) => readonly number[]> =
  new Map([
    [query.firmware, firmware],
    [query.capability, capabilities],
    [query.analogMapping, analogMapping],
  ]);

/** The same noise for the same seed: a 32-bit linear congruential generator (Numerical Recipes, 1992, chapter 7.1). */
export function noiseSource(seed: number): () => readonly number[] {
  let state = seed >>> 0;
  return () =>
    Array.from({ length: noiseBytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}
