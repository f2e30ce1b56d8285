import type { FrameEvent, Reading } from '#device/contract';
import { driftAt, uniformAt } from '../world/noise.ts';
import { type FaultKind, type ScheduledFault, scheduleFaults } from './planted-faults.ts';

/** One register of one home, read every five minutes from `from` to `to` (epoch ms). */
export interface RegisterPlan {
  readonly seed: number;
  /** Tells registers of one seed apart. */
  readonly stream: number;
  /** `{asset}/{quantity}`, for the events. */
  readonly channel: string;
  readonly from: number;
  readonly to: number;
  readonly startWh: number;
  /** Where the counter wraps, and whether the device says so. */
  readonly wrapAt: number | undefined;
  readonly wrapDeclared: boolean;
  /** What the device says of the meter's rated power. */
  readonly ratedW: number | undefined;
  /** At noon in clear weather. */
  readonly peakW: number;
}

/** What one frame says of the register. */
export interface RegisterMessage {
  readonly at: number;
  readonly clock: 'synced' | 'estimated';
  readonly reading: Reading | undefined;
  readonly events: readonly FrameEvent[];
}

/**
 * What really happened, for whoever asks. `at`: the first reading that shows it; `until`: the last one that is wrong;
 * `finalWh`: what the counter held before, `startWh`: what it went on from.
 */
export interface PlantedFault {
  readonly kind: FaultKind | 'wrap';
  readonly at: number;
  readonly until: number;
  readonly finalWh: number;
  readonly startWh: number;
}

export interface RegisterYear {
  /** In order of time. */
  readonly messages: readonly RegisterMessage[];
  readonly faults: readonly PlantedFault[];
  /** What the meters counted between the first and the last reading. */
  readonly countedWh: number;
  /** The same, for the five minutes that end at each tick. */
  readonly countedWhAt: Float64Array;
}

export const tickMs = 5 * 60_000;

/** A year of a register that meets every fault in its turn. A pure function of its plan. */
export function registerYear(plan: RegisterPlan): RegisterYear {
  const ticks = Math.floor((plan.to - plan.from) / tickMs);
  const walk = new Walk(plan, ticks);
  let tick = 0;
  for (const fault of scheduleFaults(plan.seed, plan.stream, ticks)) {
    while (tick < fault.first) walk.healthy(tick++);
    walk.faulty(fault);
    tick = fault.after;
  }
  while (tick < ticks) walk.healthy(tick++);
  const { messages, faults, countedWh, countedWhAt } = walk;
  return { messages, faults, countedWh, countedWhAt };
}

class Walk {
  readonly messages: RegisterMessage[] = [];
  readonly faults: PlantedFault[] = [];
  countedWh = 0;
  readonly countedWhAt: Float64Array;
  readonly #plan: RegisterPlan;
  #counter: number;
  #serial = 1;
  #wrapped: { finalWh: number } | undefined;

  constructor(plan: RegisterPlan, ticks: number) {
    this.#plan = plan;
    this.countedWhAt = new Float64Array(ticks);
    this.#counter = plan.startWh;
  }

  healthy(tick: number): void {
    this.#count(tick);
    this.#tell(tick, this.#counter);
  }

  faulty(fault: ScheduledFault): void {
    const { kind, first, after, share } = fault;
    switch (kind) {
      case 'reset':
      case 'reset-in-outage':
        return this.#restarted(fault, 0);
      case 'swap-unannounced':
      case 'swap-serial':
      case 'swap-declared':
        return this.#swapped(fault);
      case 'rollback':
        return this.#rolledBack(fault);
      case 'jitter':
        return this.#misread(fault, (right) => Math.max(0, right - 1 - Math.floor(share * 10)));
      case 'wake-up-zero':
        return this.#misread(fault, () => 0);
      case 'spike':
        return this.#misread(fault, () => 4_000_000_000 + Math.floor(share * 1e6));
      case 'wrong-register':
        return this.#misread(
          fault,
          (_, tick) => 3e9 + Math.floor(share * 1e6) + (tick - first) * 40,
        );
      case 'gap':
        for (let tick = first; tick < after; tick += 1) this.#count(tick);
        return this.#note(kind, first, after - 1);
      case 'no-data':
      case 'bad-values':
      case 'estimated-clock':
        return this.#unusable(fault);
    }
  }

  /** Counts what the sun gives in the five minutes that end at the tick. */
  #count(tick: number, part = 1): void {
    const { wrapAt } = this.#plan;
    const wh = Math.floor(part * energyWh(this.#plan, tick));
    this.#counter += wh;
    // The first reading is where counting begins.
    if (this.messages.length > 0) {
      this.countedWh += wh;
      this.countedWhAt[tick] = (this.countedWhAt[tick] ?? 0) + wh;
    }
    if (wrapAt === undefined || this.#counter < wrapAt) return;
    this.#wrapped = { finalWh: wrapAt };
    this.#counter -= wrapAt;
  }

  #tell(tick: number, wh: number, more: Partial<RegisterMessage> = {}): void {
    const at = this.#at(tick);
    this.messages.push({
      at,
      clock: 'synced',
      reading: { value: wh, quality: 'good' },
      events: this.messages.length === 0 ? [this.#meta({})] : [],
      ...more,
    });
    if (this.#wrapped === undefined || more.clock === 'estimated') return;
    this.#note('wrap', tick, tick, this.#wrapped.finalWh);
    this.#wrapped = undefined;
  }

  #at(tick: number): number {
    return this.#plan.from + tick * tickMs;
  }

  #note(kind: PlantedFault['kind'], first: number, last: number, finalWh = 0, startWh = 0): void {
    this.faults.push({ kind, at: this.#at(first), until: this.#at(last), finalWh, startWh });
  }

  #meta(more: object): FrameEvent {
    const { channel, wrapAt, wrapDeclared, ratedW } = this.#plan;
    const about = { unit: 'Wh', ...(ratedW === undefined ? {} : { ratedW }), ...more };
    const wrap = wrapDeclared && wrapAt !== undefined ? { wrapAt } : {};
    return { kind: 'meta', channels: { [channel]: { ...about, ...wrap } } };
  }

  /** Nobody reads for a while; in the middle the counter holds `finalWh` and goes on from `startWh`. */
  #restarted({ kind, first, after, share }: ScheduledFault, startWh: number, meta?: object): void {
    const turn = first + Math.floor((after - first) / 2);
    for (let tick = first; tick < turn; tick += 1) this.#count(tick);
    this.#count(turn, share);
    // Past a wrap that nobody saw, whoever wrote the final value down counted on.
    const finalWh = this.#counter + (this.#wrapped?.finalWh ?? 0);
    this.#wrapped = undefined;
    this.#counter = startWh;
    this.#count(turn, 1 - share);
    for (let tick = turn + 1; tick < after; tick += 1) this.#count(tick);
    const told = after - 1;
    this.#note(kind, told, told, finalWh, startWh);
    const events = meta === undefined ? [] : [this.#meta({ ...meta, finalWh })];
    this.#tell(told, this.#counter, { events });
  }

  #swapped(fault: ScheduledFault): void {
    const startWh = this.#startOfNext(fault);
    if (fault.kind === 'swap-unannounced') return this.#restarted(fault, startWh);
    this.#serial += 1;
    const serial = `meter-${this.#serial}`;
    const meta = fault.kind === 'swap-declared' ? { serial, startWh } : { serial };
    this.#restarted(fault, startWh, meta);
  }

  /** New from the factory, or used; a declared one may be about to wrap. */
  #startOfNext({ kind, share }: ScheduledFault): number {
    const { wrapAt } = this.#plan;
    const little = Math.floor(share * 900);
    if (share < 0.5) return little;
    if (wrapAt === undefined) return this.#counter + 500_000_000 + little;
    return kind === 'swap-declared'
      ? wrapAt - 40_000 - little
      : (this.#counter + wrapAt / 2 + little) % wrapAt;
  }

  /** The device dies; what it had not saved is gone from its counter. Nothing is counted until it is back. */
  #rolledBack({ kind, after, share }: ScheduledFault): void {
    const finalWh = this.#counter;
    this.#counter = Math.max(0, finalWh - 1 - Math.floor(share * 400));
    const back = { wh: this.#counter, channel: this.#plan.channel, why: 'unclean stop' };
    const told = after - 1;
    this.#note(kind, told, told, finalWh, this.#counter);
    this.#count(told, 0.5);
    const events = [{ kind: 'restart' as const }, { kind: 'register-rollback' as const, ...back }];
    this.#tell(told, this.#counter, { events });
  }

  /** The counter is right, the readings are not. */
  #misread(
    { kind, first, after }: ScheduledFault,
    wrong: (right: number, tick: number) => number,
  ): void {
    this.#note(kind, first, after - 1);
    for (let tick = first; tick < after; tick += 1) {
      this.#count(tick);
      const wrapped = this.#wrapped;
      this.#wrapped = undefined;
      this.#tell(tick, wrong(this.#counter, tick));
      this.#wrapped = wrapped;
    }
  }

  /** Readings that must not count, whatever they say. */
  #unusable({ kind, first, after, share }: ScheduledFault): void {
    this.#note(kind, first, after - 1);
    for (let tick = first; tick < after; tick += 1) {
      this.#count(tick);
      const value = Math.floor(share * 1e9);
      const message: RegisterMessage = {
        at: this.#at(tick),
        clock: kind === 'estimated-clock' ? 'estimated' : 'synced',
        reading:
          kind === 'no-data'
            ? { value: null, quality: 'bad', why: 'no-data' }
            : { value, quality: kind === 'bad-values' ? 'bad' : 'good', why: 'out-of-range' },
        events: [],
      };
      this.messages.push(message);
    }
  }
}

/** Wh in the five minutes that end at a tick: a day from 6 to 18 h Japan time under passing clouds. */
function energyWh({ seed, stream, from, peakW }: RegisterPlan, tick: number): number {
  const at = from + tick * tickMs;
  const hour = ((at / 3_600_000 + 9) % 24) - 12;
  const height = Math.cos((hour / 6) * (Math.PI / 2));
  if (height <= 0 || Math.abs(hour) >= 6) return 0;
  const clouds = 0.55 + 0.45 * driftAt(seed, stream + 1_000, at, 3 * 3_600_000);
  const flicker = 0.9 + 0.1 * uniformAt(seed, stream + 2_000, tick);
  return (peakW * height * clouds * flicker) / 12;
}
