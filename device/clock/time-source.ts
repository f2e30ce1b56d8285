import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { earliestAtMs } from '#device/contract';
import type { Clock } from './clock.ts';

/** Answers whether something has set the machine's wall clock. Never rejects. */
export type TrustProbe = () => Promise<boolean>;

export interface TimeSource extends Clock {
  /** Looks for trust now and then every few seconds until it is found. */
  start(): Promise<void>;
  stop(): void;
}

const probeIntervalMs = 5_000;
const commandTimeoutMs = 3_000;
const run = promisify(execFile);

/**
 * Trust as Linux time services state it: systemd-timesyncd leaves a marker file; timedatectl knows the kernel's
 * synchronised flag whoever set it; chrony answers for itself where systemd is absent.
 */
export const timesyncProbe: TrustProbe = async () =>
  (await fileExists('/run/systemd/timesync/synchronized')) ||
  (await says('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], /^yes\s*$/)) ||
  (await says('chronyc', ['tracking'], /^Leap status\s*:\s*Normal/m));

/** `clock: { trust: system }`: the owner vouches for the system clock, for example one with a battery. */
export const systemProbe: TrustProbe = () => Promise.resolve(true);

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

const machineClocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/** The machine's clocks; once trusted they stay trusted, since a service that synchronised keeps the clock from then on. */
export function createTimeSource(probe: TrustProbe): TimeSource {
  let trusted = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    // Whoever vouches for it, a clock before 2020 was never set.
    trusted = Date.now() >= earliestAtMs && (await probe());
    if (!trusted && !stopped) timer = setTimeout(() => void look(), probeIntervalMs);
  }
  return {
    ...machineClocks,
    trusted: () => trusted,
    start: look,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
