import type { MeterReading, ShownRegisterEvent } from '#gateway/contract';
import { decode } from '../link/decode.ts';
import { meterReadingsTaken, registerEventList } from '../link/meter-shape.ts';
import { nullable, optional, shape, text, whole } from '../link/shape.ts';

/** Undefined where the answer is not what the contract promises: it was recorded all the same. */
export const readMeterReadings = (body: string): readonly MeterReading[] | undefined =>
  decode(body, meterReadingsTaken)?.items;

export interface EventPage {
  readonly events: readonly ShownRegisterEvent[];
  /** The gateway has older ones. */
  readonly more: boolean;
}

const further = shape<{ next: string | undefined }>({ next: optional(text) });

export function readRegisterEvents(body: string | undefined): EventPage | undefined {
  const events = decode(body, registerEventList)?.items;
  if (events === undefined) return undefined;
  return { events, more: decode(body, further)?.next !== undefined };
}

export interface StoredValue {
  readonly at: number;
  readonly value: number | null;
}

const stored = shape<StoredValue>({ at: whole, value: nullable(whole) });

/** Of streamed readings those nearest to a time, oldest first; undefined where a line is none. */
export function nearestReadings(
  lines: string | undefined,
  atMs: number,
  most: number,
): readonly StoredValue[] | undefined {
  if (lines === undefined) return undefined;
  const read = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => decode(line, stored));
  const known = read.filter((each) => each !== undefined);
  if (known.length < read.length) return undefined;
  const byNearness = known.toSorted((a, b) => Math.abs(a.at - atMs) - Math.abs(b.at - atMs));
  return byNearness.slice(0, most).toSorted((a, b) => a.at - b.at);
}
