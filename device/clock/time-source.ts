import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { uptime } from 'node:os';
import { promisify } from 'node:util';
import { earliestAtMs } from '#device/contract';
import type { Clock } from './clock.ts';

/** How far the wall clock jumped while this program ran. */
export interface Step {
  readonly ms: number;
}

/**
 * Answers whether something vouches for the machine's wall clock; after a step, whether it does so again. Never rejects.
 */
export type TrustProbe = (step: Step | undefined) => Promise<boolean>;

export interface TimeSource extends Clock {
  /** Looks for trust, and for steps, now and then every few seconds until it is stopped. */
  start(): Promise<void>;
  stop(): void;
}

/** The machine's clocks in milliseconds: wall, monotonic, and time since the machine started, sleep included. */
export interface MachineClocks {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  readonly uptimeMs: () => number;
}

export const machineClocks: MachineClocks = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1_000,
};

const probeIntervalMs = 5_000;
const commandTimeoutMs = 3_000;
const run = promisify(execFile);

/**
 * Trust as Linux time services state it: systemd-timesyncd leaves a marker file; timedatectl knows the kernel's
 * synchronised flag whoever set it; chrony answers for itself where systemd is absent. After a step the marker says
 * nothing, while the kernel's flag does: whoever sets the clock clears it (ntp_clear in Linux's timekeeping.c).
 */
export const timesyncProbe: TrustProbe = async (step) =>
  (step === undefined && (await fileExists('/run/systemd/timesync/synchronized'))) ||
  (await says('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], /^yes\s*$/)) ||
  (await says('chronyc', ['tracking'], /^Leap status\s*:\s*Normal/m));

/** A clock that keeps itself is off by minutes, not by days; it is what a gateway tolerates, too. */
const plausibleCorrectionMs = 600_000;

/** `clock: { trust: system }`: the owner vouches for the system clock, for example one with a battery. */
export const systemProbe: TrustProbe = (step) =>
  Promise.resolve(step === undefined || Math.abs(step.ms) <= plausibleCorrectionMs);

async function fileExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function says(command: string, args: string[], answer: RegExp): Promise<boolean> {
  // A service that is not installed and one that is not synchronised mean the same here: no trust from this side.
  return run(command, args, { timeout: commandTimeoutMs }).then(
    ({ stdout }) => answer.test(stdout),
    () => false,
  );
}

/** Up to this much between two looks is a clock being disciplined. */
const slewMs = 1_000;
/** A step is believed only after the clock went on from it for so long: one that comes and goes reaches no frame. */
const holdMs = 60_000;

/** Both clocks count as read together within this; after so many attempts the best has to do. */
const togetherMs = 1;
const mostReadings = 5;

/** What is known of the wall clock. `offsetMs`: wall less monotonic, as last believed. */
type Belief =
  | { readonly kind: 'none' }
  | { readonly kind: 'trusted'; readonly offsetMs: number; readonly asleepMs: number }
  | {
      readonly kind: 'held';
      readonly offsetMs: number;
      readonly asleepMs: number;
      readonly steppedTo: number;
      readonly sinceMs: number;
    };

/**
 * The machine's clocks, judged. A wall clock that steps while it is trusted was wrong before or is wrong now, and
 * nobody here can tell which: the time before is held on with the monotonic clock, untrusted, until the wall clock is
 * back or whatever vouches for it has done so again.
 */
export class JudgedTime implements TimeSource {
  readonly #probe: TrustProbe;
  readonly #machine: MachineClocks;
  #belief: Belief = { kind: 'none' };
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(probe: TrustProbe, machine: MachineClocks = machineClocks) {
    this.#probe = probe;
    this.#machine = machine;
  }

  wallMs(): number {
    return this.offsetMs() + this.#machine.monotonicMs();
  }

  offsetMs(): number {
    this.#judge();
    return this.#belief.kind === 'none' ? this.#measuredOffsetMs() : this.#belief.offsetMs;
  }

  monotonicMs(): number {
    return this.#machine.monotonicMs();
  }

  trusted(): boolean {
    this.#judge();
    return this.#belief.kind === 'trusted';
  }

  async start(): Promise<void> {
    await this.look();
    if (!this.#stopped) this.#timer = setTimeout(() => void this.start(), probeIntervalMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Asks the probe where there is something to ask. */
  async look(): Promise<void> {
    this.#judge();
    const belief = this.#belief;
    if (belief.kind === 'trusted') return;
    if (belief.kind === 'held' && this.#machine.monotonicMs() - belief.sinceMs < holdMs) return;
    const step = belief.kind === 'held' ? { ms: belief.steppedTo - belief.offsetMs } : undefined;
    const vouched = await this.#probe(step);
    // Whoever vouches for it, a clock before 2020 was never set.
    if (!vouched || this.#machine.wallMs() < earliestAtMs || this.#belief !== belief) return;
    const offsetMs = this.#measuredOffsetMs();
    this.#belief = { kind: 'trusted', offsetMs, asleepMs: this.#asleepMs() };
  }

  #judge(): void {
    const belief = this.#belief;
    if (belief.kind === 'none') return;
    const offsetMs = this.#measuredOffsetMs();
    const slept = this.#asleepMs() - belief.asleepMs;
    const asleepMs = slept > slewMs ? belief.asleepMs + slept : belief.asleepMs;
    // The monotonic clock stands still while a machine sleeps, and the time since its start does not.
    const believedMs = belief.offsetMs + asleepMs - belief.asleepMs;
    if (Math.abs(offsetMs - believedMs) <= slewMs)
      this.#belief = { kind: 'trusted', offsetMs, asleepMs };
    else {
      const goesOn = belief.kind === 'held' && Math.abs(offsetMs - belief.steppedTo) <= slewMs;
      const sinceMs = goesOn ? belief.sinceMs : this.#machine.monotonicMs();
      const steppedTo = offsetMs;
      this.#belief = { kind: 'held', offsetMs: believedMs, asleepMs, steppedTo, sinceMs };
    }
  }

  /** The reading of both clocks that was interrupted least. */
  #measuredOffsetMs(): number {
    let best = { offsetMs: 0, tookMs: Infinity };
    for (let attempt = 0; attempt < mostReadings && best.tookMs > togetherMs; attempt += 1) {
      const beforeMs = this.#machine.monotonicMs();
      const wallMs = this.#machine.wallMs();
      const afterMs = this.#machine.monotonicMs();
      const tookMs = afterMs - beforeMs;
      if (tookMs < best.tookMs) best = { offsetMs: wallMs - (beforeMs + afterMs) / 2, tookMs };
    }
    return best.offsetMs;
  }

  /** An interruption between the two only ever makes it less. */
  #asleepMs(): number {
    const read = () => this.#machine.uptimeMs() - this.#machine.monotonicMs();
    return Math.max(read(), read(), read());
  }
}
