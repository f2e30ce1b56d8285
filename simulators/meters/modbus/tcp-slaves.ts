import type { SerialPeer } from '../../board/serial-peer.ts';
import { type Asked, createSlaves, type SlaveFraming, type Units } from './answering.ts';

interface TcpAsked extends Asked {
  readonly transaction: number;
}

/** MODBUS Messaging on TCP/IP V1.0b, 3.1.3: seven bytes of header, five of a read request. */
const requestBytes = 12;
/** V1.1b3, 7: "gateway target device failed to respond". */
const targetSilent = 11;

const framing: SlaveFraming<TcpAsked> = {
  next(bytes) {
    if (bytes.length < requestBytes) return undefined;
    const request = {
      transaction: bytes.readUInt16BE(0),
      unit: bytes.readUInt8(6),
      table: bytes.readUInt8(7),
      address: bytes.readUInt16BE(8),
      count: bytes.readUInt16BE(10),
    };
    return { request, rest: bytes.subarray(requestBytes) };
  },
  answer({ transaction, unit }, body, wrongCrc) {
    const header = Buffer.alloc(7);
    header.writeUInt16BE(transaction, 0);
    // There is no CRC; a wrong protocol number is as wrong as a frame can be here.
    header.writeUInt16BE(wrongCrc ? 1 : 0, 2);
    header.writeUInt16BE(body.length + 1, 4);
    header.writeUInt8(unit, 6);
    return Buffer.concat([header, body]);
  },
  absent: () => ({ kind: 'exception', code: targetSilent }),
};

/** Meters behind a Modbus TCP gateway. */
export function createTcpSlaves(units: Units): SerialPeer {
  return createSlaves(units, framing);
}
