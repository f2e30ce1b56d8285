import { crc32 } from 'node:zlib';

/**
 * One line of a spool file: `crc length kind position body`, the checksum (CRC-32, 8 hexadecimal digits) over
 * everything behind it. Bodies are JSON and hold no line feed, so reading finds its way again behind a damaged record.
 */
export interface SpoolRecord {
  /** H: what the file is. F: a frame as it travels. D: a frame that waits for its stamp. */
  readonly kind: RecordKind;
  readonly position: number;
  /** Bytes before the body. */
  readonly bodyStart: number;
}

export type RecordKind = 'H' | 'F' | 'D';

const lineFeed = 0x0a;
const checksumEnd = 9;
const longestHead = 64;
const headPattern = /^([0-9a-f]{8}) ((\d{1,9}) )([HFD]) (\d{1,16}) /;

export function encodeRecord(kind: RecordKind, position: number, body: string): Buffer {
  const content = `${kind} ${position} ${body}`;
  const line = Buffer.from(`00000000 ${Buffer.byteLength(content)} ${content}\n`);
  const checksum = crc32(line.subarray(checksumEnd, -1)).toString(16).padStart(8, '0');
  line.write(checksum, 'latin1');
  return line;
}

/** Reads a line without its line feed; undefined if it is not exactly what was written. */
export function decodeRecord(line: Buffer): SpoolRecord | undefined {
  const match = headPattern.exec(line.toString('latin1', 0, longestHead));
  if (match === null) return undefined;
  const [head, checksum = '', lengthText = '', length, kind, position] = match;
  if (line.length - checksumEnd - lengthText.length !== Number(length)) return undefined;
  if (crc32(line.subarray(checksumEnd)) !== Number.parseInt(checksum, 16)) return undefined;
  if (kind !== 'H' && kind !== 'F' && kind !== 'D') return undefined;
  return { kind, position: Number(position), bodyStart: head.length };
}

/**
 * Calls `visit` with every complete line (without its line feed) and where it starts, until it answers false. Answers
 * where it stopped: behind the last line visited.
 */
export function eachLine(bytes: Buffer, visit: (line: Buffer, offset: number) => boolean): number {
  let offset = 0;
  for (;;) {
    const end = bytes.indexOf(lineFeed, offset);
    if (end < 0) return offset;
    const goOn = visit(bytes.subarray(offset, end), offset);
    offset = end + 1;
    if (!goOn) return offset;
  }
}
