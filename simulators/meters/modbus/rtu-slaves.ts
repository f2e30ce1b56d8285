import type { SerialPeer } from '../../board/serial-peer.ts';
import { type Asked, createSlaves, type SlaveFraming, type Units } from './answering.ts';

/** Unit, function, address, count, CRC. */
const requestBytes = 8;

/** The remainder of each byte value, for a CRC by table: another way than the device's (V1.02, 6.2.2). */
const table = Uint16Array.from({ length: 256 }, (_, byte) =>
  Array.from({ length: 8 }).reduce<number>(
    (crc) => (crc % 2 === 1 ? Math.floor(crc / 2) ^ 0xa001 : crc / 2),
    byte,
  ),
);

export function crcByTable(bytes: Uint8Array): number {
  return bytes.reduce((crc, byte) => (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0), 0xffff);
}

const framing: SlaveFraming<Asked> = {
  next(bytes) {
    if (bytes.length < requestBytes) return undefined;
    const frame = bytes.subarray(0, requestBytes);
    // Not the beginning of a request: a slave would wait for silence, which a stream of bytes does not show.
    if (crcByTable(frame.subarray(0, 6)) !== frame.readUInt16LE(6))
      return { request: undefined, rest: bytes.subarray(1) };
    const request = {
      unit: frame.readUInt8(0),
      table: frame.readUInt8(1),
      address: frame.readUInt16BE(2),
      count: frame.readUInt16BE(4),
    };
    return { request, rest: bytes.subarray(requestBytes) };
  },
  answer({ unit }, body, wrongCrc) {
    const frame = Buffer.from([unit, ...body, 0, 0]);
    const crc = crcByTable(frame.subarray(0, -2)) ^ (wrongCrc ? 0x5a5a : 0);
    frame.writeUInt16LE(crc, frame.length - 2);
    return frame;
  },
  absent: () => undefined,
};

/** Meters on an RS-485 line, behind a serial port or a serial server (RTU over TCP). */
export function createRtuSlaves(units: Units): SerialPeer {
  return createSlaves(units, framing);
}
