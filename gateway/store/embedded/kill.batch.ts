import type { Batch } from '../port.ts';
import { batch, frame, reading, record, someTimeMs } from '../suite/samples.ts';

/** Frames in each batch of the kill test, one reading each. */
export const batchRows = 25;
/** Operator records in each batch. */
export const batchRecords = 3;

const stamp = (seq: number) => someTimeMs + seq * 1000;

/** The batch with this number; its rows say which they are. */
export function numberedBatch(number: number): Batch {
  const seqs = Array.from({ length: batchRows }, (_, index) => number * batchRows + index);
  const said = Array.from({ length: batchRecords }, (_, index) => number * batchRecords + index);
  return batch({
    frames: seqs.map((seq) => frame({ seq, at: stamp(seq) })),
    readings: seqs.map((seq) => reading({ seq, at: stamp(seq), value: seq })),
    records: said.map((place) => record({ id: `d-${place}`, body: { place } })),
  });
}
