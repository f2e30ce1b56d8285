import type { DeviceState } from '#device/contract';

/**
 * Where a source stands, since when (the gateway's wall clock), and what says so. `lost`: its connection ended without
 * a goodbye. `silent`: nothing comes although nothing says that it ended. `offline`: it said goodbye.
 */
export interface Presence {
  readonly state: 'online' | 'offline' | 'lost' | 'silent' | 'unknown';
  readonly since: number;
  readonly reason: string;
}

/** What a device was last known to be, and when it was last heard on the monotonic clock. */
export interface Heard {
  readonly presence: Presence;
  readonly announced: DeviceState | undefined;
  readonly heardMs: number;
  /** Boots that were followed by others, newest last. One of them again means that two programs use one id. */
  readonly formerBoots: readonly string[];
  /** When that was seen last, on the monotonic clock. */
  readonly twiceMs: number | undefined;
}

const formerBoots = 8;
const twiceForMs = 600_000;

export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** Nothing is known of it yet; it counts as heard now, so that it has time to say something. */
export function unheard({ wallMs, monotonicMs }: Instant): Heard {
  const presence = { state: 'unknown', since: wallMs, reason: 'not heard yet' } as const;
  const twiceMs = undefined;
  return { presence, announced: undefined, heardMs: monotonicMs, formerBoots: [], twiceMs };
}

/**
 * A `state` message came. A will is published by the broker, maybe long after: one of an earlier boot says nothing
 * about this run and changes nothing.
 */
export function announced(heard: Heard, state: DeviceState, now: Instant): Heard {
  const known = heard.announced;
  if (state.state === 'lost' && known !== undefined && known.boot !== state.boot) return heard;
  const presence = moved(heard.presence, state.state, reasons[state.state], now);
  // Only a birth is the device's own sign of life: a will is not, and after a goodbye none is due.
  const heardMs = state.state === 'online' ? now.monotonicMs : heard.heardMs;
  return { ...heard, presence, announced: state, heardMs, ...boots(heard, state, now) };
}

/** A program that ended never comes back under its boot: one that was followed by another and speaks again still runs. */
function boots(
  { announced: known, ...heard }: Heard,
  { state, boot }: DeviceState,
  { monotonicMs }: Instant,
): Pick<Heard, 'formerBoots' | 'twiceMs'> {
  const { formerBoots: former, twiceMs } = heard;
  if (known === undefined || known.boot === boot) return { formerBoots: former, twiceMs };
  const again = state === 'online' && former.includes(boot);
  const others = former.filter((each) => each !== boot);
  return {
    formerBoots: [...others, known.boot].slice(-formerBoots),
    twiceMs: again ? monotonicMs : twiceMs,
  };
}

/** Whether two programs were seen under this id not long ago. */
export function isTwice({ twiceMs }: Heard, { monotonicMs }: Instant): boolean {
  return twiceMs !== undefined && monotonicMs - twiceMs < twiceForMs;
}

/** Readings came: whatever a will or a silence said before, the source is there. */
export function measured(heard: Heard, now: Instant): Heard {
  const presence = moved(heard.presence, 'online', 'readings arrive', now);
  return { ...heard, presence, heardMs: now.monotonicMs };
}

/** Looks at the age of what was heard; beyond `silentAfterMs` the source is silent. */
export function judged(heard: Heard, silentAfterMs: number, now: Instant): Heard {
  const { presence, heardMs } = heard;
  const quietMs = now.monotonicMs - heardMs;
  if (quietMs <= silentAfterMs || (presence.state !== 'online' && presence.state !== 'unknown'))
    return heard;
  const seconds = Math.round(quietMs / 1000);
  const clock = heard.announced?.clock === 'waiting' ? '; its clock is not set yet' : '';
  const reason =
    presence.state === 'unknown'
      ? `not heard in the ${seconds} s this gateway listens`
      : `no readings for ${seconds} s${clock}`;
  return { ...heard, presence: moved(presence, 'silent', reason, now) };
}

const reasons: Readonly<Record<DeviceState['state'], string>> = {
  online: 'it announced itself',
  offline: 'it said goodbye',
  lost: 'its connection ended without a goodbye',
};

/** A state keeps its time and its reason until another takes its place. */
function moved(
  before: Presence,
  state: Presence['state'],
  reason: string,
  { wallMs }: Instant,
): Presence {
  return before.state === state ? before : { state, since: wallMs, reason };
}
