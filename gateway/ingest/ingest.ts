import { deviceTopic, type DeviceTopic } from '#device/contract';
import type { Clock } from '../clock.ts';
import type { StaleKeys } from '../derive/stale.ts';
import type {
  CommitResult,
  QuarantineEntry,
  QuarantineReason,
  Store,
  StoredEvent,
  StoredFrame,
  StoredReading,
} from '../store/port.ts';
import { acknowledgements, type AddressedAck } from './acknowledgements.ts';
import { type CommitEvents, type CommitLimits, CommitQueue, type Work } from './commit-queue.ts';
import type { IngestCounters } from './counters.ts';
import { decodeMessage, type DecodedFrame } from './decode.ts';
import {
  conflictReason,
  type QuarantineBook,
  quarantineEntry,
  refusedEventReason,
  refusedReason,
} from './quarantine-book.ts';

/** What ingest tells the rest of the gateway. */
export interface IngestListener {
  /** Readings as they came, before they are durable: the live picture does not wait for the store. */
  arrived(readings: readonly StoredReading[]): void;
  storeFailed(message: string): void;
  storeRecovered(): void;
  acknowledge(ack: AddressedAck): void;
}

export interface IngestParts {
  readonly store: Store;
  readonly book: QuarantineBook;
  readonly counters: IngestCounters;
  readonly clock: Clock;
  readonly clockTrusted: () => boolean;
  /** Told the time of every fresh frame from a device whose clock is synchronised. */
  readonly heardTime: (atMs: number) => void;
  /** The derived data that readings and events make stale. */
  readonly staleKeys: StaleKeys;
  readonly limits: CommitLimits;
  readonly listener: IngestListener;
}

/** What of a frame the store may leave out. */
type LeftOut = StoredReading | StoredEvent;

/** The message a frame came in. */
interface Arrival {
  readonly topic: DeviceTopic;
  readonly receivedAt: number;
  readonly parsed: boolean;
  /** Its share of the message. */
  readonly weightBytes: number;
}

/**
 * The one way in: MQTT message -> decode -> live picture -> commit -> acknowledgement. A frame is acknowledged exactly
 * when every part of it is in the store or in quarantine (design.md, guarantee 1).
 */
export class Ingest implements CommitEvents {
  readonly #parts: IngestParts;
  readonly #queue: CommitQueue;

  constructor(parts: IngestParts) {
    this.#parts = parts;
    this.#queue = new CommitQueue(parts.store, parts.clock, parts.limits, this);
  }

  get framesWaiting(): number {
    return this.#queue.length;
  }

  /** Takes a `live` or `history` message. Returns at once; never throws on content. */
  receive(topic: DeviceTopic, bytes: Uint8Array): void {
    const { clock, clockTrusted } = this.#parts;
    const reception = { receivedAt: clock.wallMs(), clockTrusted: clockTrusted() };
    const decoded = decodeMessage(topic, bytes, reception);
    const frames: readonly DecodedFrame[] = decoded.ok
      ? decoded.frames
      : [
          {
            frame: undefined,
            readings: [],
            events: [],
            refusals: [decoded.refusal],
            bytes: () => bytes,
          },
        ];
    const came = {
      topic,
      receivedAt: reception.receivedAt,
      parsed: decoded.ok,
      weightBytes: bytes.byteLength / Math.max(1, frames.length),
    };
    for (const frame of frames) this.#accept(frame, came);
    if (topic.kind === 'live') this.#hearTime(frames);
    this.#parts.counters.waiting(this.#queue.length);
  }

  /** Takes a `live` message that some gateway of the group stores, for the picture alone. Never throws on content. */
  show(topic: DeviceTopic, bytes: Uint8Array): void {
    const { clock, clockTrusted, listener } = this.#parts;
    const reception = { receivedAt: clock.wallMs(), clockTrusted: clockTrusted() };
    const decoded = decodeMessage(topic, bytes, reception);
    if (!decoded.ok) return;
    for (const { readings } of decoded.frames) if (readings.length > 0) listener.arrived(readings);
    this.#hearTime(decoded.frames);
  }

  /** Commits what waits and ends; what a failing store refuses stays unacknowledged. */
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  #hearTime(frames: readonly DecodedFrame[]): void {
    for (const { readings } of frames)
      if (readings[0]?.clock === 'synced') this.#parts.heardTime(readings[0].at);
  }

  #accept(decoded: DecodedFrame, { topic, receivedAt, parsed, weightBytes }: Arrival): void {
    const { listener, counters, staleKeys } = this.#parts;
    for (const { code } of decoded.refusals) counters.refused(code);
    if (decoded.readings.length > 0) listener.arrived(decoded.readings);
    // A refused frame is kept as the live message it could have been: that is what re-admission feeds in again.
    const origin = {
      ...topic,
      topic: deviceTopic(topic.site, topic.device, parsed ? 'live' : topic.kind),
      receivedAt,
    };
    const shelved = this.#shelve(origin, decoded.refusals, decoded.bytes);
    const work: Work = {
      frames: shelved.kept && decoded.frame !== undefined ? [decoded.frame] : [],
      readings: decoded.readings,
      events: decoded.events,
      quarantine: shelved.entries,
      records: [],
      stale: staleKeys(decoded),
      bytes: decoded.bytes,
      weightBytes,
    };
    if (!this.#queue.offer(work)) {
      counters.turnedAway(1);
      for (const entry of shelved.entries) this.#parts.book.release(entry);
    }
  }

  /** `kept`: whatever was refused is, or will be, in quarantine, so that the frame may be acknowledged. */
  #shelve(
    origin: Pick<QuarantineEntry, 'site' | 'device' | 'topic' | 'receivedAt'>,
    reasons: readonly QuarantineReason[],
    bytes: () => Uint8Array,
  ): { kept: boolean; entries: QuarantineEntry[] } {
    if (reasons.length === 0) return { kept: true, entries: [] };
    const entry = quarantineEntry(origin, bytes(), reasons);
    const place = this.#parts.book.admit(entry);
    if (place === 'full') this.#parts.counters.turnedAway(1);
    return { kept: place !== 'full', entries: place === 'new' ? [entry] : [] };
  }

  async committed(
    work: readonly Work[],
    {
      conflicts,
      added,
      refused = [],
      refusedEvents = [],
    }: Pick<CommitResult, 'conflicts' | 'added' | 'refused' | 'refusedEvents'>,
    seconds: number,
  ): Promise<void> {
    const { counters, listener } = this.#parts;
    const reasons = new Map<LeftOut, QuarantineReason>([
      ...conflicts.map((reading) => [reading, conflictReason(reading)] as const),
      ...refused.map((each) => [each.reading, refusedReason(each)] as const),
      ...refusedEvents.map((each) => [each.event, refusedEventReason(each)] as const),
    ]);
    const withheld = reasons.size === 0 ? new Set() : await this.#shelveLeftOut(work, reasons);
    const frames = work.flatMap((item) => item.frames).filter((frame) => !withheld.has(frame));
    counters.stored(frames.length, added, seconds);
    counters.waiting(this.#queue.length);
    for (const ack of acknowledgements(frames)) listener.acknowledge(ack);
  }

  failed(error: unknown): void {
    this.#parts.counters.commitFailed();
    this.#parts.listener.storeFailed(error instanceof Error ? error.message : String(error));
  }

  recovered(): void {
    this.#parts.listener.storeRecovered();
  }

  /** Puts what the store left out away before its frame is acknowledged; answers the frames that found no room. */
  async #shelveLeftOut(
    work: readonly Work[],
    reasons: ReadonlyMap<LeftOut, QuarantineReason>,
  ): Promise<Set<StoredFrame>> {
    const withheld = new Set<StoredFrame>();
    const quarantine: QuarantineEntry[] = [];
    for (const { frames, readings, events, bytes } of work) {
      const parts: readonly LeftOut[] = [...readings, ...events];
      const mine = parts.flatMap((part) => reasons.get(part) ?? []);
      const [first] = parts;
      if (first === undefined || mine.length === 0) continue;
      const { site, device } = first;
      const receivedAt = readings[0]?.receivedAt ?? this.#parts.clock.wallMs();
      const origin = { site, device, topic: deviceTopic(site, device, 'live'), receivedAt };
      const { kept, entries } = this.#shelve(origin, mine, bytes);
      if (!kept) for (const frame of frames) withheld.add(frame);
      quarantine.push(...entries);
    }
    for (const { code } of reasons.values()) this.#parts.counters.refused(code);
    if (quarantine.length > 0) await this.#commitQuarantine(quarantine);
    return withheld;
  }

  async #commitQuarantine(quarantine: readonly QuarantineEntry[]): Promise<void> {
    try {
      await this.#parts.store.commit({
        frames: [],
        readings: [],
        events: [],
        quarantine,
        records: [],
        stale: [],
      });
    } catch (error) {
      // Not held after all: the retry must find the room free, or it would take the entries for known.
      for (const entry of quarantine) this.#parts.book.release(entry);
      throw error;
    }
  }
}
