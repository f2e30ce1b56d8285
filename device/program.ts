import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameEvent } from '#device/contract';
import { assembleMeters, assemblePacks } from './assembly.ts';
import { FirmataBoard, type FirmataBoardParts } from './board/firmata-board.ts';
import { LinuxBoard } from './board/linux-board.ts';
import { openI2cBus } from './board/linux-i2c.ts';
import { measureLoopLag } from './board/loop-lag.ts';
import type { Board } from './board/port.ts';
import { openWire } from './board/wire.ts';
import { Stamper } from './clock/stamper.ts';
import { readMachineBoot } from './clock/machine-boot.ts';
import { JudgedTime, systemProbe, timesyncProbe, type TimeSource } from './clock/time-source.ts';
import type { BoardConfig } from './config/boards.ts';
import { describeOpened, spoolFolder } from './config/describe.ts';
import type { Config } from './config/schema.ts';
import { connectMqtt } from './link/connection.ts';
import { historyRoomBytes } from './link/encode.ts';
import { Link, type LinkParts } from './link/link.ts';
import type { Log } from './log.ts';
import { type AskedMeters, assembleAskedMeters } from './meters/asked.ts';
import type { PulseMeter } from './meters/pulses.ts';
import { MetaBook } from './sampling/meta-book.ts';
import { createRecorder } from './sampling/recorder.ts';
import { Sampler } from './sampling/sampler.ts';
import { type DiskSpool, type DiskSpoolSettings, openDiskSpool } from './spool/disk/disk-spool.ts';
import type { Ending } from './spool/disk/recover.ts';
import { software } from './version.ts';

const boardSettings = {
  readyTimeoutMs: 12_000,
  i2cTimeoutMs: 250,
  quietMs: 2_000,
  probeTimeoutMs: 1_500,
  settleMs: 1_000,
  reopen: { firstMs: 500, longestMs: 10_000 },
} as const;
type BoardParts = Pick<FirmataBoardParts, 'clock' | 'lagMs' | 'log'>;
const maxBatchFrames = 100;
const linkSettings = {
  reconnect: { firstMs: 500, longestMs: 30_000 },
  outbox: {
    ackTimeoutMs: 10_000,
    historyWindow: 4,
    historyFramesPerS: 3_000,
    maxBatchFrames,
    maxBatchBytes: historyRoomBytes - maxBatchFrames,
    resend: { firstMs: 2_000, longestMs: 60_000 },
  },
} as const;
const saveIntervalMs = 60_000;
const drainMs = 1_000;
const boardStopMs = 1_500;
/** With `syncSeconds: 0` frames are synced by themselves; acknowledgements need less. */
const shortestSyncIntervalMs = 1_000;
/** About three hours of one frame per second, while the disk fails. */
const spoolMemoryBytes = 4_000_000;
const diskRetryMs = 1_000;

export interface Running {
  /** Persists registers, announces `offline`, closes ports. */
  stop(): Promise<void>;
}

/**
 * Builds the device from a checked configuration and starts it. Rejects on an unreadable register, a spool in use, or a
 * spool of a newer program. */
export async function startDevice(config: Config, log: Log): Promise<Running> {
  const boot = randomUUID();
  const clock = new JudgedTime(config.clock.trust === 'system' ? systemProbe : timesyncProbe);
  const lag = measureLoopLag();
  const boards = createBoards(config, { clock, lagMs: () => lag.readMs(), log });
  const meters = await assembleMeters(config, { boards, clock, log });
  const identityChanged = (): void => meta.change();
  const asked = assembleAskedMeters(config, { clock, log, identityChanged });
  const packs = assemblePacks(config, { boards, clock, log });
  const assets = [...packs, ...meters, ...asked.meters];
  const meta = new MetaBook(assets);
  const spool = await openSpool(config, boot, clock, log);
  const lastAtMs = (spool.lastStamp?.at ?? 0) - spool.oldestWaitingUpMs;
  const stamper = new Stamper(clock, {
    waitMs: config.clock.waitSeconds * 1_000,
    floorAtMs: Math.max(lastAtMs, ...meters.map(({ asOfMs }) => asOfMs)),
    last: spool.lastStamp,
  });
  const link = createLink(config, boot, {
    spool,
    clock,
    clockState: () => stamper.state,
    meta: () => meta.current,
    log,
  });
  const firstEvents = startEvents(spool.ending, meters);
  const fresh = (): void => link.offerNewest();
  const metaChanged = (): void => link.metaChanged();
  const record = createRecorder({ spool, stamper, meta, log, firstEvents, metaChanged, fresh });
  const sampler = new Sampler({ assets, clock, log, record });

  log.info({ boot, software, opens: describeOpened(config) }, 'started');
  // Before its first pulse: after a kill a register without a file would start from 0 again, and nothing would say so.
  await saveAll(meters, log);
  void clock.start();
  for (const board of boards.values()) board.start();
  await asked.start();
  link.start();
  sampler.start();
  const saving = setInterval(() => void saveAll(meters, log), saveIntervalMs);
  const syncIntervalMs = Math.max(config.spool.syncSeconds * 1_000, shortestSyncIntervalMs);
  const syncing = setInterval(() => void spool.sync(), syncIntervalMs);
  return {
    stop: async () => {
      clearInterval(saving);
      clearInterval(syncing);
      const saved = await stopDevice({
        clock,
        sampler,
        boards: [...boards.values()],
        meters,
        asked,
        link,
        spool,
        log,
      });
      lag.stop();
      await spool.close(saved);
    },
  };
}

function createBoards(config: Config, parts: BoardParts): ReadonlyMap<string, Board> {
  return new Map(config.boards.map((board) => [board.id, createBoard(board, parts)]));
}

function createBoard(board: BoardConfig, parts: BoardParts): Board {
  const settings = { ...boardSettings, ...board };
  return settings.kind === 'firmata'
    ? new FirmataBoard(settings, { ...parts, openWire, random: Math.random })
    : new LinuxBoard(settings, { ...parts, openI2c: openI2cBus, random: Math.random });
}

function createLink(
  { site, device, mqtt }: Config,
  boot: string,
  parts: Omit<LinkParts, 'connect' | 'random'>,
): Link {
  const broker = { ...mqtt, clientId: `kadoru-${site}-${device}` };
  const settings = { ...linkSettings, site, device, boot, software, broker };
  return new Link(settings, { ...parts, connect: connectMqtt, random: Math.random });
}

async function openSpool(
  config: Config,
  boot: string,
  clock: TimeSource,
  log: Log,
): Promise<DiskSpool> {
  const { maxMegabytes, syncSeconds } = config.spool;
  const settings: DiskSpoolSettings = {
    folder: spoolFolder(config),
    boot,
    machine: await readMachineBoot(clock),
    maxBytes: maxMegabytes * 1_000_000,
    memoryBytes: spoolMemoryBytes,
    syncEachFrame: syncSeconds === 0,
    retryMs: diskRetryMs,
    newStreamId: () => randomBytes(12).toString('base64url'),
  };
  return openDiskSpool(settings, clock, log);
}

interface Stopping {
  readonly clock: TimeSource;
  readonly sampler: Sampler;
  readonly boards: readonly Board[];
  readonly meters: readonly PulseMeter[];
  readonly asked: AskedMeters;
  readonly link: Link;
  readonly spool: Pick<DiskSpool, 'stats'>;
  readonly log: Log;
}

/** What the first frame says about the start, and about registers that may stand lower than they did. */
function startEvents(ending: Ending, meters: readonly PulseMeter[]): FrameEvent[] {
  const why = { none: 'first start', clean: 'clean stop', unclean: 'unclean stop' }[ending];
  const rollbacks = ending === 'clean' ? [] : meters.flatMap((meter) => meter.rollbackEvents());
  return [{ kind: 'restart', why }, ...rollbacks];
}

/** Registers do not wait for the link: they are what cannot be read again. Answers whether they are on disk. */
async function stopDevice(parts: Stopping): Promise<boolean> {
  const [saved] = await Promise.all([stopBoards(parts), stopSending(parts)]);
  parts.clock.stop();
  return saved;
}

async function stopBoards({ boards, asked, meters, log }: Stopping): Promise<boolean> {
  // A port that hangs while it closes must not cost the register.
  const closing = Promise.all([...boards.map((board) => board.stop()), asked.stop()]);
  await Promise.race([closing, sleep(boardStopMs)]);
  return saveAll(meters, log);
}

async function stopSending({ sampler, link, spool, log }: Stopping): Promise<void> {
  await sampler.stop();
  const frames = await link.stop(drainMs);
  if (frames === 0) return;
  const { fault } = spool.stats();
  if (fault === undefined)
    log.info({ frames }, 'stopped with frames that no gateway has acknowledged; they wait on disk');
  else
    log.error(
      { frames, fault },
      'stopped with frames that no gateway has acknowledged; what the disk did not take is lost',
    );
}

/** Answers whether every register is on disk. */
async function saveAll(meters: readonly PulseMeter[], log: Log): Promise<boolean> {
  const saves = meters.map((meter) =>
    meter.save().then(
      () => true,
      (error: unknown) => {
        log.error(
          { meter: meter.id, wh: meter.wh, error: String(error) },
          'the register could not be written; it is tried again every minute. Is the disk full or read-only?',
        );
        return false;
      },
    ),
  );
  return (await Promise.all(saves)).every(Boolean);
}
