import type { Batch } from '../port.ts';
import { batch, frame, reading, someTimeMs } from '../suite/samples.ts';

/** Frames in each batch of the kill test, one reading each. */
export const batchRows = 25;

const stamp = (seq: number) => someTimeMs + seq * 1000;

/** The batch with this number; its rows say which they are. */
export function numberedBatch(number: number): Batch {
  const seqs = Array.from({ length: batchRows }, (_, index) => number * batchRows + index);
  return batch({
    frames: seqs.map((seq) => frame({ seq, at: stamp(seq) })),
    readings: seqs.map((seq) => reading({ seq, at: stamp(seq), value: seq })),
  });
}
