import type { FrameEvent } from '#device/contract';
import type { Span } from '../port.ts';
import type { RecordKind } from './record.ts';

export interface TailRecord {
  readonly kind: Exclude<RecordKind, 'H'>;
  readonly position: number;
  readonly body: string;
  /** Of a frame; one that waits for its stamp has none yet. */
  readonly stream: string;
  readonly events: readonly FrameEvent[];
}

/** What V8 takes for an entry beside its text. */
const overheadBytes = 200;

/** Records that are not on disk yet, in rising positions: one for a moment, more while the disk fails. */
export class Tail {
  #records: TailRecord[] = [];
  #bytes = 0;

  get first(): TailRecord | undefined {
    return this.#records[0];
  }

  get records(): readonly TailRecord[] {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(record: TailRecord): void {
    this.#records.push(record);
    this.#bytes += sizeOf(record);
  }

  shift(): TailRecord | undefined {
    const record = this.#records.shift();
    if (record !== undefined) this.#bytes -= sizeOf(record);
    return record;
  }

  removeWaiting(position: number): void {
    if (this.#records.length === 0) return;
    this.#keep((record) => record.kind === 'F' || record.position !== position);
  }

  /** Lets go of frames. Answers how many were held. */
  free({ first, last }: Span): number {
    const before = this.#records.length;
    if (before === 0) return 0;
    this.#keep(({ kind, position }) => kind === 'D' || position < first || position > last);
    return before - this.#records.length;
  }

  #keep(wanted: (record: TailRecord) => boolean): void {
    this.#records = this.#records.filter(wanted);
    this.#bytes = this.#records.reduce((sum, record) => sum + sizeOf(record), 0);
  }
}

function sizeOf({ body }: TailRecord): number {
  return Buffer.byteLength(body) + overheadBytes;
}
