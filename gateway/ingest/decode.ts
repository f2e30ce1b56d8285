import {
  type DeviceTopic,
  eventSchema,
  frameHeadSchema,
  maxMessageBytes,
  parseReading,
  seqSchema,
  streamSchema,
} from '#device/contract';
import type { QuarantineReason, StoredEvent, StoredFrame, StoredReading } from '../store/port.ts';
import { isNestedDeeper, mostLevels } from '../nesting.ts';
import { frameSlices } from './slice.ts';

/** A reading further ahead of the gateway's clock than this is refused (design.md, refusal). */
export const futureToleranceMs = 10 * 60 * 1000;

/** When a message came, and whether the gateway may judge the times in it. */
export interface Reception {
  readonly receivedAt: number;
  readonly clockTrusted: boolean;
}

/** What one frame gave: what can be stored, and what is refused of it. */
export interface DecodedFrame {
  /** Undefined when not even stream and seq can be read: such a frame cannot be acknowledged. */
  readonly frame: StoredFrame | undefined;
  readonly readings: readonly StoredReading[];
  readonly events: readonly StoredEvent[];
  readonly refusals: readonly QuarantineReason[];
  /** Exactly this frame's bytes, which are a complete `live` message; paths in `refusals` start in it. */
  readonly bytes: () => Uint8Array;
}

/** A message that cannot be parsed is refused whole. */
export type Decoded =
  | { readonly ok: true; readonly frames: readonly DecodedFrame[] }
  | { readonly ok: false; readonly refusal: QuarantineReason };

/** Reads a `live` or `history` message. Never throws: what is wrong is a value, and the rest is kept. */
export function decodeMessage(
  topic: DeviceTopic,
  bytes: Uint8Array,
  reception: Reception,
): Decoded {
  if (bytes.byteLength > maxMessageBytes)
    return refused('too-large', '', `${bytes.byteLength} bytes; at most ${maxMessageBytes}`);
  let message: unknown;
  try {
    message = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return refused('not-json', '', error instanceof Error ? error.message : String(error));
  }
  if (topic.kind !== 'history')
    return { ok: true, frames: [decodeFrame(topic, message, () => bytes, reception)] };
  const frames = isObject(message) ? message['frames'] : undefined;
  if (!Array.isArray(frames))
    return refused('malformed', 'frames', 'a history message holds {"frames":[…]}');
  const slice = frameSlices(bytes);
  return {
    ok: true,
    frames: frames.map((frame: unknown, index) =>
      decodeFrame(topic, frame, () => slice(index), reception),
    ),
  };
}

function refused(code: string, path: string, detail: string): Decoded {
  return { ok: false, refusal: { code, path, detail } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodeFrame(
  topic: DeviceTopic,
  value: unknown,
  bytes: () => Uint8Array,
  reception: Reception,
): DecodedFrame {
  const reject = (refusal: QuarantineReason): DecodedFrame => ({
    frame: acknowledgeable(topic, value, reception),
    readings: [],
    events: [],
    refusals: [refusal],
    bytes,
  });
  if (!isObject(value))
    return reject({ code: 'bad-frame', path: '', detail: 'a frame is an object' });
  const head = frameHeadSchema.safeParse(value);
  if (!head.success) {
    const issue = head.error.issues[0];
    const path = (issue?.path ?? []).join('.');
    return reject({ code: 'bad-frame', path, detail: issue?.message ?? 'invalid' });
  }
  const { stream, seq, at, clock } = head.data;
  if (reception.clockTrusted && at > reception.receivedAt + futureToleranceMs)
    return reject({
      code: 'future',
      path: 'at',
      detail: `${at} is ${at - reception.receivedAt} ms ahead`,
    });
  const origin = { site: topic.site, device: topic.device, stream, seq, at };
  const refusals: QuarantineReason[] = [];
  const readings = decodeReadings(value['readings'], refusals).map((reading) => ({
    ...origin,
    ...reading,
    clock,
    receivedAt: reception.receivedAt,
  }));
  const events = decodeEvents(value['events'], refusals).map((event) => ({ ...origin, ...event }));
  if (readings.length + events.length + refusals.length === 0)
    return reject({ code: 'bad-frame', path: '', detail: 'neither readings nor events' });
  return { frame: origin, readings, events, refusals, bytes };
}

/** Stream and seq of a refused frame, if they can be read: it is acknowledged once it is in quarantine. Its own time
 * is not believed. */
function acknowledgeable(
  { site, device }: DeviceTopic,
  value: unknown,
  { receivedAt }: Reception,
): StoredFrame | undefined {
  if (!isObject(value)) return undefined;
  const stream = streamSchema.safeParse(value['stream']);
  const seq = seqSchema.safeParse(value['seq']);
  if (!stream.success || !seq.success) return undefined;
  return { site, device, stream: stream.data, seq: seq.data, at: receivedAt };
}

type ReadingPart = Pick<StoredReading, 'asset' | 'quantity' | 'value' | 'raw' | 'quality' | 'why'>;

function decodeReadings(value: unknown, refusals: QuarantineReason[]): ReadingPart[] {
  if (value === undefined) return [];
  if (!isObject(value)) {
    refusals.push({ code: 'bad-reading', path: 'readings', detail: 'readings is an object' });
    return [];
  }
  const parts: ReadingPart[] = [];
  for (const [id, content] of Object.entries(value)) {
    const parsed = parseReading(id, content);
    if ('detail' in parsed) {
      const at = ['readings', id.slice(0, 130), parsed.path].filter((step) => step !== '');
      refusals.push({ code: 'bad-reading', path: at.join('.'), detail: parsed.detail });
      continue;
    }
    const { value: measured, raw, quality, why } = parsed.reading;
    parts.push({ ...parsed.channel, value: measured, raw: raw ?? null, quality, why: why ?? null });
  }
  return parts;
}

function decodeEvents(
  value: unknown,
  refusals: QuarantineReason[],
): Pick<StoredEvent, 'index' | 'event'>[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    refusals.push({ code: 'bad-event', path: 'events', detail: 'events is an array' });
    return [];
  }
  return value.flatMap((content: unknown, index) => {
    if (isNestedDeeper(content)) {
      const detail = `nested deeper than ${mostLevels} levels`;
      refusals.push({ code: 'bad-event', path: `events.${index}`, detail });
      return [];
    }
    const parsed = eventSchema.safeParse(content);
    if (parsed.success) return [{ index, event: parsed.data }];
    const issue = parsed.error.issues[0];
    const at = ['events', index, ...(issue?.path ?? [])].join('.');
    refusals.push({ code: 'bad-event', path: at, detail: issue?.message ?? 'invalid' });
    return [];
  });
}
