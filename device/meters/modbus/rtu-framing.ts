import { crc16 } from './crc.ts';
import { decodeBody, type Decoded, type Framing, readBody, requestBody } from './framing.ts';
import type { ModbusRequest } from './port.ts';

/**
 * MODBUS over Serial Line V1.02, 2.5.1: unit, body, CRC with its low byte first. Nothing in an answer says which request
 * it belongs to; so unit, function, byte count, CRC and the end must all be as asked for.
 */
export const rtuFraming: Framing = {
  numbered: false,
  encode: (request) => withCrc([request.unit, ...requestBody(request)]),
  decode: decodeRtu,
};

function decodeRtu(bytes: Uint8Array, request: ModbusRequest): Decoded {
  const [unit] = bytes;
  if (unit === undefined) return { kind: 'incomplete' };
  if (unit !== request.unit)
    return { kind: 'garbled', detail: `unit ${unit} answers a request to ${request.unit}` };
  const expected = decodeBody(bytes.subarray(1), request);
  if (expected.kind !== 'length') return expected;
  const length = 1 + expected.bytes + 2;
  if (bytes.length < length) return { kind: 'incomplete' };
  if (bytes.length > length)
    return { kind: 'garbled', detail: `${bytes.length - length} bytes follow the answer` };
  const crc = crc16(bytes.subarray(0, length - 2));
  if (bytes[length - 2] !== (crc & 0xff) || bytes[length - 1] !== crc >> 8)
    return { kind: 'garbled', detail: 'wrong CRC: noise, termination, or another speed or parity' };
  return readBody(bytes.subarray(1, length - 2), request);
}

function withCrc(bytes: readonly number[]): Uint8Array {
  const crc = crc16(Uint8Array.from(bytes));
  return Uint8Array.from([...bytes, crc & 0xff, crc >> 8]);
}
