import { type DeviceState, deviceStateSchema } from '#device/contract';
import type { Health, Notice } from '#gateway/contract';
import type { Clock } from '../clock.ts';
import { isNestedDeeper, mostLevels } from '../nesting.ts';
import type { StoredReading } from '../store/port.ts';
import {
  announced,
  type Heard,
  isTwice,
  judged,
  measured,
  type Presence,
  unheard,
} from './presence.ts';

type ShownDevice = Health['devices'][number];

/** A source stopped, or is there again. */
export interface PresenceEvent {
  readonly site: string;
  readonly device: string;
  readonly configured: boolean;
  readonly presence: Presence;
}

export interface DevicesParts {
  /** Every device the configuration names, as `{site}/{device}`, with the age at which its data is too old. */
  readonly configured: ReadonlyMap<string, number>;
  readonly clock: Clock;
  readonly changed: (event: PresenceEvent) => void;
  /** Two programs announce themselves under one id. */
  readonly twice: (device: Pick<PresenceEvent, 'site' | 'device' | 'configured'>) => void;
  readonly limit?: number;
}

/** Until a device has met a gateway or broker that just started: it may wait half a minute between two attempts. */
const meetingMs = 25_000;
/** Of a device that no configuration names: three samples of a meter. */
const strangerSilentAfterMs = 180_000;

interface Entry {
  readonly silentAfterMs: number;
  heard: Heard;
  lastMeasuredAt: number | null;
}

/** What is known of each device: its own `state` messages, when it last measured anything, and whether it still speaks. */
export class Devices {
  readonly #parts: DevicesParts;
  readonly #entries = new Map<string, Entry>();
  #listening = false;
  /** Messages of devices beyond the limit: what they measured is stored, but nobody watches over them. */
  overlooked = 0;

  constructor(parts: DevicesParts) {
    this.#parts = parts;
    for (const key of parts.configured.keys()) this.#entries.set(key, this.#newEntry(key));
  }

  /** Takes a `state` payload; answers what is wrong with it, if anything. */
  observeState(site: string, device: string, bytes: Uint8Array): string | undefined {
    const state = parseState(bytes);
    if (typeof state === 'string') return state;
    const entry = this.#entry(site, device);
    if (entry === undefined) return 'more devices than this gateway remembers';
    const { twiceMs } = entry.heard;
    this.#move(`${site}/${device}`, entry, announced(entry.heard, state, this.#now()));
    if (entry.heard.twiceMs !== twiceMs) this.#parts.twice(this.#split(`${site}/${device}`));
    return undefined;
  }

  /** Readings that just arrived, or (`arrived` false) that were found in the store at start. */
  observeReading({ site, device, at }: StoredReading, arrived: boolean): void {
    const entry = this.#entry(site, device);
    if (entry === undefined) return;
    if (at > (entry.lastMeasuredAt ?? 0)) entry.lastMeasuredAt = at;
    if (arrived) this.#move(`${site}/${device}`, entry, measured(entry.heard, this.#now()));
  }

  /** Whether devices can be heard at all: without a broker their silence says nothing, and after it they need time. */
  listen(listening: boolean): void {
    if (listening && !this.#listening) {
      const nowMs = this.#parts.clock.monotonicMs();
      for (const entry of this.#entries.values()) {
        const heardMs = nowMs + Math.max(0, meetingMs - entry.silentAfterMs);
        entry.heard = { ...entry.heard, heardMs };
      }
    }
    this.#listening = listening;
  }

  /** Looks at the age of everything; to be called every second or so. */
  judge(): void {
    if (!this.#listening) return;
    const now = this.#now();
    for (const [key, entry] of this.#entries)
      this.#move(key, entry, judged(entry.heard, entry.silentAfterMs, now));
  }

  problems(): Notice[] {
    return [...this.#entries].flatMap(([key, { heard }]) => {
      const { site, device, configured } = this.#split(key);
      const { state, since, reason } = heard.presence;
      const notices: Notice[] = [];
      if (isTwice(heard, this.#now())) {
        const detail = `Two programs announce themselves as ${site}/${device}: give one of them an id of its own`;
        notices.push({ kind: 'device-twice', subject: device, detail });
      }
      const fault = heard.announced?.spool?.fault;
      if (fault !== undefined && state !== 'offline') {
        const detail = `The disk of ${site}/${device} refuses frames: ${fault}`;
        notices.push({ kind: 'device-disk', subject: device, detail });
      }
      if (configured && (state === 'lost' || state === 'silent' || state === 'offline')) {
        const detail = `${site}/${device} is ${state} since ${new Date(since).toISOString()}: ${reason}`;
        notices.push({ kind: `device-${state}`, subject: device, detail });
      }
      return notices;
    });
  }

  shown(): ShownDevice[] {
    return [...this.#entries].map(([key, { heard, lastMeasuredAt }]) => {
      const { announced: state, presence } = heard;
      return {
        ...this.#split(key),
        ...presence,
        lastMeasuredAt,
        ...(state === undefined ? {} : { boot: state.boot, software: state.software }),
        ...(state?.spool === undefined ? {} : { spool: state.spool }),
      };
    });
  }

  #move(key: string, entry: Entry, heard: Heard): void {
    const { presence } = heard;
    const moved = presence !== entry.heard.presence;
    entry.heard = heard;
    if (moved) this.#parts.changed({ ...this.#split(key), presence });
  }

  #entry(site: string, device: string): Entry | undefined {
    const key = `${site}/${device}`;
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= (this.#parts.limit ?? 1000)) {
      this.overlooked += 1;
      return undefined;
    }
    const entry = this.#newEntry(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #newEntry(key: string): Entry {
    const silentAfterMs = this.#parts.configured.get(key) ?? strangerSilentAfterMs;
    return { heard: unheard(this.#now()), lastMeasuredAt: null, silentAfterMs };
  }

  #split(key: string): Pick<ShownDevice, 'site' | 'device' | 'configured'> {
    const [site = '', device = ''] = key.split('/');
    return { site, device, configured: this.#parts.configured.has(key) };
  }

  #now() {
    const { clock } = this.#parts;
    return { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
  }
}

function parseState(bytes: Uint8Array): DeviceState | string {
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(bytes));
    // It is shown as it came, further keys of `spool` and all.
    if (isNestedDeeper(said)) return `nested deeper than ${mostLevels} levels`;
    const parsed = deviceStateSchema.safeParse(said);
    return parsed.success ? parsed.data : (parsed.error.issues[0]?.message ?? 'invalid');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
