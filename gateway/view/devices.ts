import { type DeviceState, deviceStateSchema } from '#device/contract';
import type { Health } from '#gateway/contract';
import type { StoredReading } from '../store/port.ts';

type ShownDevice = Health['devices'][number];

/** What is known of each device: its own `state` messages, and when it last measured anything. */
export class Devices {
  readonly #configured: ReadonlySet<string>;
  readonly #limit: number;
  readonly #states = new Map<
    string,
    { state: DeviceState | undefined; lastMeasuredAt: number | null }
  >();

  /** @param configured `{site}/{device}` of every device the configuration names. */
  constructor(configured: Iterable<string>, limit = 1000) {
    this.#configured = new Set(configured);
    this.#limit = limit;
    for (const key of this.#configured)
      this.#states.set(key, { state: undefined, lastMeasuredAt: null });
  }

  /** Takes a `state` payload; answers what is wrong with it, if anything. */
  observeState(site: string, device: string, bytes: Uint8Array): string | undefined {
    const state = parseState(bytes);
    if (typeof state === 'string') return state;
    const known = this.#entry(site, device);
    if (known === undefined) return 'more devices than this gateway remembers';
    // A will is published by the broker, maybe long after: one of an earlier boot says nothing about this run.
    const oldWill =
      state.state === 'lost' && known.state !== undefined && known.state.boot !== state.boot;
    if (!oldWill) known.state = state;
    return undefined;
  }

  observeReading({ site, device, at }: StoredReading): void {
    const known = this.#entry(site, device);
    if (known !== undefined && at > (known.lastMeasuredAt ?? 0)) known.lastMeasuredAt = at;
  }

  shown(): ShownDevice[] {
    return [...this.#states].map(([key, { state, lastMeasuredAt }]) => {
      const [site = '', device = ''] = key.split('/');
      const configured = this.#configured.has(key);
      if (state === undefined)
        return { site, device, configured, state: 'unknown', lastMeasuredAt };
      const { boot, software, spool } = state;
      return {
        site,
        device,
        configured,
        state: state.state,
        boot,
        software,
        lastMeasuredAt,
        ...(spool === undefined ? {} : { spool }),
      };
    });
  }

  #entry(site: string, device: string) {
    const key = `${site}/${device}`;
    const known = this.#states.get(key);
    if (known !== undefined || this.#states.size >= this.#limit) return known;
    const entry = { state: undefined, lastMeasuredAt: null };
    this.#states.set(key, entry);
    return entry;
  }
}

function parseState(bytes: Uint8Array): DeviceState | string {
  try {
    const parsed = deviceStateSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : (parsed.error.issues[0]?.message ?? 'invalid');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
