/**
 * The ECHONET Lite frame, format 1 (ECHONET Lite Specification 1.13, part 2, section 3):
 * `1081 TID SEOJ DEOJ ESV OPC {EPC PDC EDT}`, big-endian. Pure: bytes in, values out.
 */

/** Services that matter to who reads meters. */
export const esv = {
  getRefused: 0x52,
  informationRefused: 0x53,
  get: 0x62,
  informationRequest: 0x63,
  getAnswer: 0x72,
  information: 0x73,
  informationConfirmed: 0x74,
  informationReceipt: 0x7a,
} as const;

/** One property: `edt` is empty in a request, and in the answer for a property that is not to be had. */
export interface Property {
  readonly epc: number;
  readonly edt: Uint8Array;
}

/** `seoj` and `deoj` are class group, class and instance in one number: 0x027901 is the first PV object. */
export interface EchonetFrame {
  readonly tid: number;
  readonly seoj: number;
  readonly deoj: number;
  readonly esv: number;
  readonly properties: readonly Property[];
}

/** What fits one Ethernet frame without fragments: real nodes send less, and fragments get lost. */
export const maxDatagramBytes = 1_472;
const headBytes = 12;
const largestEdt = 255;
export const mostProperties = 255;

/** Reads one datagram; answers what is wrong with it as text. Never throws, whatever the bytes. */
export function parseFrame(bytes: Uint8Array): EchonetFrame | string {
  if (bytes.length > maxDatagramBytes) return `${bytes.length} bytes are more than a node sends`;
  if (bytes.length < headBytes) return `${bytes.length} bytes are too few for a frame`;
  if (byteAt(bytes, 0) !== 0x10 || byteAt(bytes, 1) !== 0x81) return 'no frame of format 1 (1081)';
  const properties: Property[] = [];
  let at = headBytes;
  for (let left = byteAt(bytes, 11); left > 0; left -= 1) {
    if (at + 2 > bytes.length) return 'it ends before its last property';
    const end = at + 2 + byteAt(bytes, at + 1);
    if (end > bytes.length) return 'it ends within a property';
    properties.push({ epc: byteAt(bytes, at), edt: bytes.slice(at + 2, end) });
    at = end;
  }
  // SetGet frames carry a second list; whatever follows is nothing that was asked for.
  return {
    tid: unsigned(bytes.subarray(2, 4)),
    seoj: unsigned(bytes.subarray(4, 7)),
    deoj: unsigned(bytes.subarray(7, 10)),
    esv: byteAt(bytes, 10),
    properties,
  };
}

/** Throws a RangeError for what the frame cannot hold: that is a defect of the caller. */
export function encodeFrame({ tid, seoj, deoj, esv, properties }: EchonetFrame): Uint8Array {
  if (properties.length > mostProperties)
    throw new RangeError(`a frame holds ${mostProperties} properties, not ${properties.length}`);
  const bytes = [0x10, 0x81, ...bigEndian(tid, 2), ...bigEndian(seoj, 3), ...bigEndian(deoj, 3)];
  bytes.push(...bigEndian(esv, 1), properties.length);
  for (const { epc, edt } of properties) {
    if (edt.length > largestEdt)
      throw new RangeError(`a property holds ${largestEdt} bytes, not ${edt.length}`);
    bytes.push(...bigEndian(epc, 1), edt.length, ...edt);
  }
  return Uint8Array.from(bytes);
}

/** A big-endian unsigned number of up to 6 bytes: exact in a double. */
export function unsigned(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** A number as `length` bytes, big-endian. Throws a RangeError for one that does not fit. */
export function bigEndian(value: number, length: number): number[] {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** length)
    throw new RangeError(`${value} does not fit ${length} bytes`);
  return Array.from(
    { length },
    (_, index) => Math.floor(value / 256 ** (length - 1 - index)) % 256,
  );
}

/** The byte at an offset that has been checked. */
function byteAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}
