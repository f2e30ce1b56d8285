import { z } from 'zod';
import { qualitySchema } from '#device/contract';
import { halfHourMs } from '../energy/calendar.ts';
import { type RegisterEvent, registerEventSchema } from '../energy/event.ts';
import type { Interval } from '../energy/interval.ts';
import type { DerivedRow } from '../store/port.ts';

export const intervalMeasurement = 'energy_interval';
export const registerEventMeasurement = 'register_event';

const unallocatedSchema = z.strictObject({ from: z.int(), to: z.int(), wh: z.int() });
export const intervalSchema = z.strictObject({
  start: z.int(),
  end: z.int(),
  wh: z.int(),
  unallocated: z.array(unallocatedSchema),
  coveredSeconds: z.int(),
  uncertainSeconds: z.int(),
  openEvents: z.array(z.string()),
  quality: qualitySchema,
});

/** A half hour as stored: how often its content has changed is its revision, 1 at first. */
export interface StoredHalfHour {
  readonly interval: Interval;
  readonly revision: number;
  /** When it last changed, in the order of `ChangeLog`; undefined for what is not stored, or was before there was one. */
  readonly change?: number | undefined;
}

const fieldsSchema = z.object({
  wh: z.int(),
  coveredSeconds: z.int(),
  uncertainSeconds: z.int(),
  unallocated: z.string(),
  openEvents: z.string(),
  quality: qualitySchema,
  revision: z.int(),
  change: z.int().optional(),
});
const labelsSchema = z.array(unallocatedSchema);
const idsSchema = z.array(z.string());

export function halfHourRow({
  interval,
  revision,
  change,
}: StoredHalfHour & { readonly change: number }): DerivedRow {
  return { at: interval.start, fields: { ...contentOf(interval), revision, change } };
}

function contentOf(interval: Interval) {
  const { wh, coveredSeconds, uncertainSeconds, unallocated, openEvents, quality } = interval;
  return {
    wh,
    coveredSeconds,
    uncertainSeconds,
    unallocated: unallocated.length === 0 ? '' : JSON.stringify(unallocated),
    openEvents: openEvents.length === 0 ? '' : JSON.stringify(openEvents),
    quality,
  };
}

/** Throws for a row that this program did not write. */
export function halfHourOf({ at, fields }: DerivedRow): StoredHalfHour {
  const { unallocated, openEvents, revision, change, ...rest } = fieldsSchema.parse(fields);
  const interval = {
    start: at,
    end: at + halfHourMs,
    unallocated: unallocated === '' ? [] : labelsSchema.parse(JSON.parse(unallocated)),
    openEvents: openEvents === '' ? [] : idsSchema.parse(JSON.parse(openEvents)),
    ...rest,
  };
  return { interval, revision, change };
}

/** Whether a stored row says the same as an interval. */
export function saysTheSame({ fields }: DerivedRow, interval: Interval): boolean {
  return Object.entries(contentOf(interval)).every(([name, value]) => fields[name] === value);
}

export function registerEventRow(event: RegisterEvent): DerivedRow {
  return { at: event.at, fields: { kind: event.kind, event: JSON.stringify(event) } };
}

const rowSchema = z.object({ event: z.string() });

/** Throws for a row that this program did not write. */
export function registerEventOf({ fields }: DerivedRow): RegisterEvent {
  return registerEventSchema.parse(JSON.parse(rowSchema.parse(fields).event));
}
