import { z } from 'zod';
import { eventSchema, readingSchema } from '#device/contract';
import type { Draft } from '../port.ts';

/** One start of the machine: its id, and its uptime in milliseconds when this process's monotonic clock was 0. */
export interface MachineBoot {
  readonly id: string;
  readonly startMs: number;
}

const waitingSchema = z.object({
  boot: z.string(),
  machine: z.string(),
  machineMs: z.number(),
  upMs: z.number(),
  readings: z.record(z.string(), readingSchema),
  events: z.array(eventSchema),
});
/** A frame that waits for its stamp: `machineMs` outlives the process as long as the machine runs. */
export type WaitingFrame = z.infer<typeof waitingSchema>;

export function encodeWaiting(draft: Draft, boot: string, machine: MachineBoot): string {
  const machineMs = draft.upMs + machine.startMs;
  const frame = { boot, machine: machine.id, machineMs, upMs: draft.upMs };
  return JSON.stringify({ ...frame, readings: draft.readings, events: draft.events });
}

/** Undefined if it is no frame: the wire could not carry it either. */
export function decodeWaiting(body: string): WaitingFrame | undefined {
  return waitingSchema.safeParse(JSON.parse(body)).data;
}

/** When a waiting frame was sampled, on this process's monotonic clock: known, or only assumed. */
export interface Placed {
  readonly upMs: number;
  readonly assumed: boolean;
}

/**
 * Frames of this start of the machine are placed exactly, whichever process took them. How long the machine was off
 * nobody knows, so frames of an earlier start are assumed to end right before the next one began, with their own
 * distances; they can only leave as `estimated`. Call `note` for all frames, oldest first, before asking.
 */
export class WaitingTimes {
  readonly #machine: MachineBoot;
  readonly #spans: { id: string; firstMs: number; lastMs: number }[] = [];

  constructor(machine: MachineBoot) {
    this.#machine = machine;
  }

  note({ machine, machineMs }: WaitingFrame): void {
    const span = this.#spans.at(-1);
    if (span?.id === machine) span.lastMs = machineMs;
    else this.#spans.push({ id: machine, firstMs: machineMs, lastMs: machineMs });
  }

  /** The earliest instant of all that was noted; 0 if nothing was. */
  get oldestUpMs(): number {
    const [oldest] = this.#spans;
    if (oldest === undefined) return 0;
    return Math.min(0, this.place({ machine: oldest.id, machineMs: oldest.firstMs }).upMs);
  }

  place({ machine, machineMs }: Pick<WaitingFrame, 'machine' | 'machineMs'>): Placed {
    const { id, startMs } = this.#machine;
    if (machine === id) return { upMs: machineMs - startMs, assumed: false };
    let endUpMs = -startMs;
    for (const span of this.#spans.toReversed()) {
      if (span.id === id) continue;
      const shiftMs = endUpMs - 1 - span.lastMs;
      if (span.id === machine) return { upMs: machineMs + shiftMs, assumed: true };
      endUpMs = span.firstMs + shiftMs;
    }
    return { upMs: endUpMs, assumed: true };
  }
}
