import type { PinLevel, WatchedPin } from './port.ts';

/**
 * Command lines and output of libgpiod's tools. Debian 12 has 1.6, whose options and formats version 2 (Debian 13)
 * changed throughout (tools/gpiomon.c and tools/gpioget.c of both).
 */
export type GpiodMajor = 1 | 2;

/** A level that a line took, by the kernel's clock: CLOCK_MONOTONIC since Linux 5.7, before that the wall clock. */
export interface Edge {
  readonly pin: number;
  readonly level: PinLevel;
  readonly kernelMs: number;
}

/** The major version in what `gpiomon --version` prints; undefined for one that is not known here. */
export function gpiodMajor(printed: string): GpiodMajor | undefined {
  const major = /\(libgpiod\) v(\d+)\./.exec(printed)?.[1];
  return major === '1' ? 1 : major === '2' ? 2 : undefined;
}

/** Without `pull` a line is to float, whatever the machine's firmware set it to. */
function bias(major: GpiodMajor, { pull }: WatchedPin): string {
  if (pull === 'up') return 'pull-up';
  return major === 1 ? 'disable' : 'disabled';
}

/** Arguments of `gpioget`: prints one level. */
export function levelArguments(major: GpiodMajor, chip: string, watched: WatchedPin): string[] {
  const pin = String(watched.pin);
  return major === 1
    ? ['-B', bias(major, watched), chip, pin]
    : ['-c', chip, '-b', bias(major, watched), '--numeric', pin];
}

/** Arguments of `gpiomon`: prints a line for every edge, each at once. */
export function edgeArguments(major: GpiodMajor, chip: string, watched: WatchedPin): string[] {
  const pin = String(watched.pin);
  if (major === 1) return ['-b', '-B', bias(major, watched), '-F', '%o %e %s %n', chip, pin];
  const what = ['-e', 'both', '-E', 'monotonic', '-F', '%o %E %S'];
  return ['-c', chip, '-b', bias(major, watched), ...what, pin];
}

export function parseLevel(printed: string): PinLevel | undefined {
  const text = printed.trim();
  return text === '0' ? 0 : text === '1' ? 1 : undefined;
}

/** Version 1: offset, 0 or 1, seconds, nanoseconds (padded or not). */
const edge1 = /^(\d{1,4}) ([01]) (\d{1,11}) (\d{1,9})$/;
/** Version 2: offset, the edge's name, seconds with nine decimals. */
const edge2 = /^(\d{1,4}) (rising|falling) (\d{1,11})\.(\d{9})$/;

/** One line of `gpiomon`; undefined for anything it does not print. */
export function parseEdge(major: GpiodMajor, line: string): Edge | undefined {
  const [, pin, what, seconds, nanoseconds] = (major === 1 ? edge1 : edge2).exec(line) ?? [];
  if (what === undefined) return undefined;
  return {
    pin: Number(pin),
    level: what === '1' || what === 'rising' ? 1 : 0,
    kernelMs: Number(seconds) * 1_000 + Number(nanoseconds) / 1e6,
  };
}
