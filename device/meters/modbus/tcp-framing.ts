import { decodeBody, type Decoded, type Framing, readBody, requestBody } from './framing.ts';
import type { ModbusRequest } from './port.ts';

/** Transaction, protocol, length, unit. */
const headerBytes = 7;
/** Unit and the longest body (MODBUS Messaging on TCP/IP V1.0b, 3.1.3: 253 bytes). */
const maxLength = 254;

/**
 * MODBUS Messaging on TCP/IP V1.0b, 3.1.3. An answer carries its request's transaction number: whole answers with
 * another number are late ones and are passed over.
 */
export const tcpFraming: Framing = {
  numbered: true,
  encode: (request, transaction) => {
    const body = requestBody(request);
    const length = 1 + body.length;
    return Uint8Array.from([...pair(transaction), 0, 0, ...pair(length), request.unit, ...body]);
  },
  decode: decodeTcp,
};

function decodeTcp(bytes: Uint8Array, request: ModbusRequest, transaction: number): Decoded {
  let rest = bytes;
  for (;;) {
    if (rest.length < headerBytes) return { kind: 'incomplete' };
    const length = word(rest, 4);
    if (word(rest, 2) !== 0 || length < 3 || length > maxLength)
      return { kind: 'garbled', detail: 'no Modbus TCP header' };
    const end = headerBytes - 1 + length;
    if (word(rest, 0) === transaction) return decodeOwn(rest, end, request);
    if (rest.length < end) return { kind: 'incomplete' };
    rest = rest.subarray(end);
  }
}

function decodeOwn(bytes: Uint8Array, end: number, request: ModbusRequest): Decoded {
  const unit = bytes[headerBytes - 1];
  if (unit !== request.unit)
    return { kind: 'garbled', detail: `unit ${unit} answers a request to ${request.unit}` };
  const body = bytes.subarray(headerBytes, end);
  const expected = decodeBody(body, request);
  if (expected.kind !== 'length') return expected;
  if (headerBytes + expected.bytes !== end)
    return { kind: 'garbled', detail: 'the header announces another length than the answer has' };
  if (bytes.length < end) return { kind: 'incomplete' };
  if (bytes.length > end)
    return { kind: 'garbled', detail: `${bytes.length - end} bytes follow the answer` };
  return readBody(body, request);
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function pair(value: number): [number, number] {
  return [(value >> 8) & 0xff, value & 0xff];
}
