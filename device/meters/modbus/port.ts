/** Read holding registers (3) or input registers (4): MODBUS Application Protocol V1.1b3, 6.3 and 6.4. */
export type ReadFunction = 3 | 4;

export interface ModbusRequest {
  readonly unit: number;
  readonly function: ReadFunction;
  /** As it goes over the wire, counted from 0; manuals often print it one higher and with a leading 3 or 4. */
  readonly address: number;
  /** Words of 16 bits. */
  readonly count: number;
}

/** Most words one answer may hold (V1.1b3, 6.3). */
export const maxWords = 125;

/**
 * Why there are no words: the unit kept silent, what came was no answer to this request, the port is closed, or too
 * many requests wait.
 */
export type FailureKind = 'silent' | 'garbled' | 'away' | 'crowded';

export type ModbusReply =
  | { readonly kind: 'words'; readonly words: readonly number[] }
  /** The unit answers, and refuses (V1.1b3, 7). */
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'failed'; readonly why: FailureKind; readonly detail: string };

/** Units that share one line: whoever asks waits for a turn. */
export interface ModbusBus {
  readonly id: string;
  /** Never rejects. */
  request(request: ModbusRequest): Promise<ModbusReply>;
  start(): void;
  stop(): Promise<void>;
}
