import type { ModbusRequest } from './port.ts';

/** What has arrived since a request, looked at as its answer. */
export type Decoded =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'words'; readonly words: readonly number[] }
  | { readonly kind: 'exception'; readonly code: number }
  /** It can no longer become the answer. */
  | { readonly kind: 'garbled'; readonly detail: string };

/** How requests and answers stand on a wire. Pure; `decode` takes any bytes and throws at none. */
export interface Framing {
  /** Answers name their request. Where they do not, a late answer looks like the next one. */
  readonly numbered: boolean;
  encode(request: ModbusRequest, transaction: number): Uint8Array;
  decode(bytes: Uint8Array, request: ModbusRequest, transaction: number): Decoded;
}

/** Function, address and count, high bytes first: the same on every wire. */
export function requestBody({ function: code, address, count }: ModbusRequest): number[] {
  return [code, address >> 8, address & 0xff, count >> 8, count & 0xff];
}

/** Bytes that may still come for a body that begins like `body`; garbled if it cannot be the answer. */
export function decodeBody(
  body: Uint8Array,
  { function: code, count }: ModbusRequest,
): Decoded | { readonly kind: 'length'; readonly bytes: number } {
  const [answered, byteCount] = body;
  if (answered === undefined) return { kind: 'incomplete' };
  if (answered === (code | 0x80)) return { kind: 'length', bytes: 2 };
  if (answered !== code)
    return { kind: 'garbled', detail: `function ${answered} answers a request for ${code}` };
  if (byteCount === undefined) return { kind: 'incomplete' };
  if (byteCount !== 2 * count)
    return { kind: 'garbled', detail: `${byteCount} data bytes answer a request for ${2 * count}` };
  return { kind: 'length', bytes: 2 + byteCount };
}

/** The content of a body that is complete. */
export function readBody(body: Uint8Array, { function: code, count }: ModbusRequest): Decoded {
  if (body[0] !== code) return { kind: 'exception', code: body[1] ?? 0 };
  const words = Array.from(
    { length: count },
    (_, word) => ((body[2 + 2 * word] ?? 0) << 8) | (body[3 + 2 * word] ?? 0),
  );
  return { kind: 'words', words };
}
