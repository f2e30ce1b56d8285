import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { assembleMeters, assemblePacks } from './assembly.ts';
import { FirmataBoard } from './board/firmata-board.ts';
import { measureLoopLag } from './board/loop-lag.ts';
import { openWire } from './board/wire.ts';
import { Stamper } from './clock/stamper.ts';
import {
  createTimeSource,
  systemProbe,
  timesyncProbe,
  type TimeSource,
} from './clock/time-source.ts';
import { describeOpened } from './config/describe.ts';
import type { Config } from './config/schema.ts';
import { connectMqtt } from './link/connection.ts';
import { historyRoomBytes } from './link/encode.ts';
import { Link } from './link/link.ts';
import type { Log } from './log.ts';
import type { PulseMeter } from './meters/pulses.ts';
import { createRecorder, describeAssets } from './sampling/recorder.ts';
import { Sampler } from './sampling/sampler.ts';
import { MemorySpool } from './spool/memory.ts';
import { software } from './version.ts';

const boardSettings = {
  readyTimeoutMs: 12_000,
  i2cTimeoutMs: 250,
  quietMs: 2_000,
  probeTimeoutMs: 1_500,
  reopen: { firstMs: 500, longestMs: 10_000 },
} as const;
const maxBatchFrames = 500;
const linkSettings = {
  reconnect: { firstMs: 500, longestMs: 30_000 },
  outbox: {
    ackTimeoutMs: 10_000,
    historyWindow: 4,
    maxBatchFrames,
    maxBatchBytes: historyRoomBytes - maxBatchFrames,
    resend: { firstMs: 2_000, longestMs: 60_000 },
  },
} as const;
const saveIntervalMs = 60_000;
const drainMs = 1_000;
const boardStopMs = 1_500;
const maxSpoolFrames = 65_536;

export interface Running {
  /** Persists registers, announces `offline`, closes ports. */
  stop(): Promise<void>;
}

/** Builds the device from a checked configuration and starts it. Rejects only on an unreadable register. */
export async function startDevice(config: Config, log: Log): Promise<Running> {
  const boot = randomUUID();
  const clock = createTimeSource(config.clock.trust === 'system' ? systemProbe : timesyncProbe);
  const lag = measureLoopLag();
  const boards = new Map(
    config.boards.map(({ id, port }) => [
      id,
      new FirmataBoard(
        { ...boardSettings, id, port },
        { openWire, clock, lagMs: () => lag.readMs(), random: Math.random, log },
      ),
    ]),
  );
  const meters = await assembleMeters(config, { boards, clock, log });
  const assets = [...assemblePacks(config, { boards, clock, log }), ...meters];
  const meta = describeAssets(assets);
  const spool = new MemorySpool({
    boot,
    maxFrames: maxSpoolFrames,
    maxBytes: config.spool.maxMegabytes * 1_000_000,
    newStreamId: () => randomBytes(12).toString('base64url'),
  });
  const stamper = new Stamper(clock, {
    waitMs: config.clock.waitSeconds * 1_000,
    floorAtMs: Math.max(0, ...meters.map(({ asOfMs }) => asOfMs)),
  });
  const { site, device } = config;
  const link = new Link(
    {
      ...linkSettings,
      site,
      device,
      boot,
      software,
      broker: { ...config.mqtt, clientId: `kadoru-${site}-${device}` },
    },
    {
      spool,
      clock,
      clockState: () => stamper.state,
      meta,
      connect: connectMqtt,
      random: Math.random,
      log,
    },
  );
  const record = createRecorder({ spool, stamper, meta, log, fresh: () => link.offerNewest() });
  const sampler = new Sampler({ assets, clock, log, record });

  log.info({ boot, software, opens: describeOpened(config) }, 'started');
  void clock.start();
  for (const board of boards.values()) board.start();
  link.start();
  sampler.start();
  const saving = setInterval(() => void saveAll(meters, log), saveIntervalMs);
  return {
    stop: async () => {
      clearInterval(saving);
      await stopDevice({ clock, sampler, boards: [...boards.values()], meters, link, log });
      lag.stop();
      await spool.close();
    },
  };
}

interface Stopping {
  readonly clock: TimeSource;
  readonly sampler: Sampler;
  readonly boards: readonly FirmataBoard[];
  readonly meters: readonly PulseMeter[];
  readonly link: Link;
  readonly log: Log;
}

/** Registers do not wait for the link: they are what cannot be read again. */
async function stopDevice(parts: Stopping): Promise<void> {
  await Promise.all([stopBoards(parts), stopSending(parts)]);
  parts.clock.stop();
}

async function stopBoards({ boards, meters, log }: Stopping): Promise<void> {
  // A port that hangs while it closes must not cost the register.
  await Promise.race([Promise.all(boards.map((board) => board.stop())), sleep(boardStopMs)]);
  await saveAll(meters, log);
}

async function stopSending({ sampler, link, log }: Stopping): Promise<void> {
  await sampler.stop();
  const frames = await link.stop(drainMs);
  if (frames > 0)
    log.warn({ frames }, 'stopped with frames that no gateway has acknowledged; they are lost');
}

async function saveAll(meters: readonly PulseMeter[], log: Log): Promise<void> {
  const saves = meters.map((meter) =>
    meter
      .save()
      .catch((error: unknown) =>
        log.error(
          { meter: meter.id, wh: meter.wh, error: String(error) },
          'the register could not be written; it is tried again every minute. Is the disk full or read-only?',
        ),
      ),
  );
  await Promise.all(saves);
}
