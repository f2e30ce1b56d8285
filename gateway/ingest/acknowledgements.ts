import type { Ack } from '#device/contract';
import type { StoredFrame } from '../store/port.ts';

export interface AddressedAck {
  readonly site: string;
  readonly device: string;
  readonly ack: Ack;
}

/** Acknowledgements for committed frames: one message per stream, sequence numbers merged into runs. */
export function acknowledgements(frames: readonly StoredFrame[]): AddressedAck[] {
  const streams = new Map<string, Omit<AddressedAck, 'ack'> & { stream: string; seqs: number[] }>();
  for (const { site, device, stream, seq } of frames) {
    const key = `${site}/${device}/${stream}`;
    const known = streams.get(key);
    if (known === undefined) streams.set(key, { site, device, stream, seqs: [seq] });
    else known.seqs.push(seq);
  }
  return [...streams.values()].map(({ site, device, stream, seqs }) => ({
    site,
    device,
    ack: { stream, stored: runs(seqs) },
  }));
}

function runs(seqs: readonly number[]): [number, number][] {
  const merged: [number, number][] = [];
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && seq <= last[1] + 1) last[1] = seq;
    else merged.push([seq, seq]);
  }
  return merged;
}
