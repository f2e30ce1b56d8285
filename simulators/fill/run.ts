import type { Clock } from '../clock.ts';
import { instrumentsOf } from '../scenarios/instruments.ts';
import { worldSetup, type Scenario } from '../scenarios/scenario.ts';
import { openSnapshotBook } from '../world/snapshot.ts';
import { displayWh } from '../world/world.ts';
import { framesUntil, moveTo, type Course } from './frames.ts';
import { sendHistory, type HistoryAddress } from './history-sender.ts';
import { startingPoint } from './starting-point.ts';
import { lastStored, type ReadingsAddress } from './stored.ts';

export interface FillTarget extends ReadingsAddress, HistoryAddress {}

export interface FillProcess {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly say: (event: string, detail: Readonly<Record<string, unknown>>) => void;
}

export interface Filled {
  readonly frames: number;
  /** The wall time to which the world was brought and the register it shows then: the device goes on from these. */
  readonly untilMs: number;
  readonly registerWh: number;
}

/** Progress is told at most so often. */
const progressEveryMs = 1000;

/**
 * Fills the time from the last stored reading (or the last 24 hours) to now, waits until the gateway has confirmed all
 * of it, and writes the world down for the plant. Throws a Complaint when gateway or broker do not do their part.
 */
export async function runFill(
  scenario: Scenario,
  target: FillTarget,
  process: FillProcess,
): Promise<Filled> {
  const { clock, random, signal, say } = process;
  const book = scenario.data === undefined ? undefined : openSnapshotBook(scenario.data);
  const { snapshots, problems } = (await book?.load()) ?? { snapshots: [], problems: [] };
  for (const why of problems) say('trouble', { why });
  const nowMs = clock.wallMs();
  const stored = await lastStored(target, nowMs);
  const course: Course = {
    point: startingPoint(scenario, snapshots, stored, nowMs),
    meterReadAt: undefined,
  };
  const stream = `fill-${Math.floor(random() * 2 ** 48).toString(36)}`;
  const sampler = {
    setup: worldSetup(scenario),
    instruments: instrumentsOf(scenario),
    stream,
    pack: target.pack,
    meter: target.meter,
    fuelCell: { id: target.fuelCell, serial: scenario.fuelCell.serial },
    gridMeter: { id: target.gridMeter, serial: scenario.gridMeter.serial },
    soldMeter: target.soldMeter,
  };
  say('filling', { from: course.point.fromMs, to: nowMs, stream });
  const frames = await sendHistory(
    framesUntil(sampler, course, () => clock.wallMs(), 1),
    stream,
    target,
    {
      clock,
      random,
      signal,
      confirmed: progress(process),
      trouble: (why) => say('trouble', { why }),
    },
  );
  moveTo(sampler, course, Math.max(course.point.fromMs, clock.wallMs()));
  for (const { fromMs, state } of [course.meterReadAt ?? course.point, course.point])
    await book?.save({ wallMs: fromMs, speed: 1, state });
  const { fromMs: untilMs, state } = course.point;
  return { frames, untilMs, registerWh: displayWh(state) };
}

function progress({ clock, say }: FillProcess): (frames: number) => void {
  let toldMs = clock.monotonicMs();
  return (frames) => {
    if (clock.monotonicMs() - toldMs < progressEveryMs) return;
    toldMs = clock.monotonicMs();
    say('confirmed', { frames });
  };
}
