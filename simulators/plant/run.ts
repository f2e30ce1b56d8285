import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadStandardFirmata } from '../board/firmware.ts';
import { runInRealTime } from '../board/realtime.ts';
import type { Clock } from '../clock.ts';
import { reasonOf } from '../complaint.ts';
import { instrumentsOf } from '../scenarios/instruments.ts';
import { firstWorld, worldSetup, type Scenario } from '../scenarios/scenario.ts';
import { goOn, openSnapshotBook, type SnapshotBook } from '../world/snapshot.ts';
import type { NodeCommand } from '../meters/echonet/commands.ts';
import { ds18b20MilliC, writeW1 } from '../world/w1-directory.ts';
import type { WorldSetup, WorldState } from '../world/world.ts';
import type { Command } from './commands.ts';
import { answerLine, type Say } from './console.ts';
import { type FuelCellNode, serveFuelCell } from './fuel-cell-node.ts';
import { serveGridMeter } from './grid-meter.ts';
import { createPlant, type Plant } from './plant.ts';
import { serveBoard } from './serve.ts';

const snapshotEveryMs = 60_000;
const thermometerEveryMs = 1000;
const askedEveryMs = 20;
/** World time for which a line stays vented while a pack is exchanged. */
const swapMs = 60_000;

export interface PlantProcess {
  readonly clock: Clock;
  readonly commands: Readable;
  readonly say: Say;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
}

/**
 * Runs a plant at real time behind its port until `stop`, the end of the command stream, or the signal; then writes the
 * world down. Rejects when the port or the data folder cannot be used.
 */
export async function runPlant(scenario: Scenario, process: PlantProcess): Promise<void> {
  const { clock, say } = process;
  const setup = worldSetup(scenario);
  const book = scenario.data === undefined ? undefined : openSnapshotBook(scenario.data);
  const plant = createPlant({
    setup,
    instruments: instrumentsOf(scenario),
    state: await stateNow(scenario, book, process),
    speed: scenario.speed,
    pulsePin: scenario.meter.pin,
    firmware: loadStandardFirmata(),
  });
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  process.signal.addEventListener('abort', stop, { once: true });
  if (process.signal.aborted) stop();
  const trouble = (error: unknown): void => say('trouble', { why: reasonOf(error) });
  const { server, port } = await serveBoard(plant.board, scenario.listen, trouble);
  const fuelCell = await serveFuelCell(scenario.fuelCell, () => plant.report().fuelCell, trouble);
  const gridMeter = await serveGridMeter(scenario.gridMeter, () => plant.report().grid).catch(
    async (error: unknown) => {
      await server.close();
      await fuelCell?.close();
      throw error;
    },
  );
  const pacer = runInRealTime({ board: plant.board, clock });
  const save = async (): Promise<void> =>
    book?.save({ wallMs: clock.wallMs(), speed: scenario.speed, state: plant.state() });
  const timers = [
    setInterval(() => void save().catch(trouble), snapshotEveryMs),
    setInterval(
      () => void showThermometer(scenario, plant, clock).catch(trouble),
      thermometerEveryMs,
    ),
  ];
  const carryOut = async (command: Command) => {
    if (command.kind === 'fuel-cell') onFuelCell(command.node, fuelCell);
    else if (command.kind === 'grid-meter') gridMeter.obey(command.apply);
    else if (command.kind === 'board') await onBoard(command.action, plant, server);
    else if (command.kind === 'pulses') await emitPulses(plant, command.count, ended.signal);
    else if (command.kind === 'swap') await swap(plant, setup, command.pressureMpa, ended.signal);
    else if (command.kind !== 'stop' && command.kind !== 'truth') change(plant, command);
    if (changesWorld.has(command.kind)) await save();
    return { truth: { ...plant.report(), slippedMs: pacer.slippedMs } };
  };
  const lines = createInterface({ input: process.commands });
  lines.on('line', (line) => answerLine(line, { say, carryOut, stop }));
  lines.on('close', stop);
  const echonet = fuelCell?.where;
  const modbus = gridMeter.address;
  say('listening', { port, echonet, modbus, speed: scenario.speed, truth: plant.report() });
  await aborted(ended.signal);
  lines.close();
  for (const timer of timers) clearInterval(timer);
  await server.close();
  await fuelCell?.close();
  await gridMeter.close();
  pacer.stop();
  await save();
  say('stopped', { truth: plant.report() });
}

/** The newest world of the book, gone on to now; the scenario's first one where there is none. */
async function stateNow(
  scenario: Scenario,
  book: SnapshotBook | undefined,
  { clock, say }: PlantProcess,
): Promise<WorldState> {
  const { snapshots, problems } = (await book?.load()) ?? { snapshots: [], problems: [] };
  for (const problem of problems) say('trouble', { why: problem });
  const newest = snapshots.at(-1);
  if (newest !== undefined) return goOn(worldSetup(scenario), newest, clock.wallMs(), 1);
  const { startsAt } = scenario;
  return firstWorld(scenario, startsAt === undefined ? clock.wallMs() : Date.parse(startsAt));
}

async function onBoard(
  action: 'unplug' | 'replug' | 'reset',
  plant: Plant,
  server: { unplug(): Promise<void>; replug(): Promise<void> },
): Promise<void> {
  if (action === 'reset') plant.board.reset();
  else await server[action]();
}

/** After these the world is written down at once, so that a plant that is killed has not forgotten them. */
const changesWorld: ReadonlySet<Command['kind']> = new Set([
  'set',
  'release',
  'pulses',
  'act',
  'swap',
]);

function onFuelCell(command: NodeCommand, fuelCell: FuelCellNode | undefined): void {
  if (fuelCell === undefined) throw new Error('the fuel cell has no address on this machine');
  fuelCell.obey(command);
}

type Elsewhere = 'board' | 'pulses' | 'swap' | 'fuel-cell' | 'grid-meter' | 'truth' | 'stop';
type Change = Exclude<Command, { readonly kind: Elsewhere }>;

function change(plant: Plant, command: Change): void {
  if (command.kind === 'set') plant.hold(command.what, command.value);
  else if (command.kind === 'release') plant.release();
  else if (command.kind === 'act') plant.act(command.action);
  else if (command.kind === 'stick') plant.stick(command.loop);
  else plant.fault(command);
}

/** Resolves when the other pack is open; a plant that is stopped meanwhile opens the old one again. */
async function swap(
  plant: Plant,
  { pack }: WorldSetup,
  pressureMpa: number,
  signal: AbortSignal,
): Promise<void> {
  const { exchangeAtMpa } = pack;
  if (pressureMpa <= exchangeAtMpa)
    throw new RangeError(
      `this plant exchanges a pack at ${exchangeAtMpa} MPa: bring one with more`,
    );
  plant.act({ kind: 'isolate' });
  const swappedMs = plant.state().worldMs + swapMs;
  try {
    await until(() => plant.state().worldMs >= swappedMs, signal);
    plant.exchange(pressureMpa);
  } finally {
    plant.act({ kind: 'reopen' });
  }
}

/** Resolves when the last of the pulses has left the meter, in the board's time. */
async function emitPulses(plant: Plant, count: number, signal: AbortSignal): Promise<void> {
  const last = plant.owePulses(count);
  await until(() => plant.report().pulsesEmitted >= last, signal);
}

/** Resolves when it is so, rejects as soon as the plant is stopped first. */
async function until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
  while (!isSo())
    await sleep(askedEveryMs, undefined, { signal }).catch(() => {
      throw new Error('the plant was stopped before this was done');
    });
}

async function showThermometer(scenario: Scenario, plant: Plant, clock: Clock): Promise<void> {
  const { thermometer, classes, seed } = scenario;
  if (thermometer === undefined) return;
  const { wallC, ambientC, thermometerC, faults } = plant.report();
  const feltC = thermometer.placement === 'wall' ? wallC : ambientC;
  // A chain of classes has one thermometer, however it is wired.
  const shownC = classes === undefined ? feltC : thermometerC;
  const milliC = ds18b20MilliC(shownC, seed, clock.wallMs());
  await writeW1(thermometer.directory, thermometer.sensor, faults.thermometer, milliC);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
