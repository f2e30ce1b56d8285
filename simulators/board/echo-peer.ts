import type { SerialPeer } from './serial-peer.ts';

/** A board that answers with what it got and counts its resets: the smallest far end that tests of a port need. */
export interface EchoPeer extends SerialPeer {
  readonly resets: number;
  readonly listeners: number;
  send(bytes: Uint8Array): void;
}

export function createEchoPeer(): EchoPeer {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  let resets = 0;
  const send = (bytes: Uint8Array): void => {
    for (const listener of listeners) listener(bytes);
  };
  return {
    get resets() {
      return resets;
    },
    get listeners() {
      return listeners.size;
    },
    send,
    reset: () => (resets += 1),
    receive: send,
    onTransmit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
