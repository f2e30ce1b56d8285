import {
  type Ack,
  ackSchema,
  type DeviceState,
  type Frame,
  type GatewayState,
  gatewayStateSchema,
  maxMessageBytes,
  type Meta,
} from '#device/contract';

/** One frame as it travels on `live`, and inside every `history` message: encoded once, so resends are byte-equal. */
export function encodeFrame(frame: Frame): string {
  return JSON.stringify(frame);
}

const historyHead = '{"frames":[';
const historyTail = ']}';

/** Bytes of frame text, commas included, that fit one `history` message. */
export const historyRoomBytes = maxMessageBytes - historyHead.length - historyTail.length;

export function encodeHistory(frameTexts: readonly string[]): string {
  return historyHead + frameTexts.join(',') + historyTail;
}

export function encodeState(state: DeviceState): string {
  return JSON.stringify(state);
}

export function encodeMeta(meta: Meta): string {
  return JSON.stringify(meta);
}

export type Decoded<T> =
  | { readonly ok: true; readonly message: T }
  | { readonly ok: false; readonly detail: string };

interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } };
}
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Reads an acknowledgement. Whatever the bytes are, the answer is a value. */
export function decodeAck(payload: Uint8Array): Decoded<Ack> {
  return decode(payload, ackSchema);
}

export function decodeGatewayState(payload: Uint8Array): Decoded<GatewayState> {
  return decode(payload, gatewayStateSchema);
}

function decode<T>(payload: Uint8Array, schema: Schema<T>): Decoded<T> {
  if (payload.byteLength > maxMessageBytes)
    return { ok: false, detail: `${payload.byteLength} bytes; the limit is ${maxMessageBytes}` };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` };
}
