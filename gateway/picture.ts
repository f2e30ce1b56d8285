import type { Registry } from 'prom-client';
import { alarmKinds } from './alarms/conditions/kinds.ts';
import {
  type Alarms,
  createAlarms,
  readAlarmSecrets,
  recordLog,
  registerAlarmMetrics,
} from './alarms/index.ts';
import type { LateBroker } from './alarms/late-broker.ts';
import { alarmRecords } from './alarms/store-log.ts';
import type { GatewayConfig } from './config/schema.ts';
import { Derivation } from './derive/derivation.ts';
import type { ConfiguredMeter } from './derive/meter.ts';
import type { ConfiguredPack } from './derive/pack.ts';
import type { ReductionPlan } from './derive/reduction-plan.ts';
import type { FactorRow } from './emissions/factor.ts';
import { confirmationsOf, factorTable } from './programme/factor-table.ts';
import { programmeOf } from './programme/programme.ts';
import type { AtEnd, GatewayParts } from './parts.ts';
import { RecordDesk } from './records/desk.ts';
import { meterStatementsOf } from './records/meter-statements.ts';
import { statementsOf } from './records/statements.ts';
import type { GatewayStanding } from './standing.ts';
import type { Store } from './store/port.ts';
import { Devices, type PresenceEvent } from './view/devices.ts';
import { MeterBoard } from './view/meter-board.ts';
import { PackBoard } from './view/pack-board.ts';
import { Plant } from './view/plant.ts';
import { ReductionBoard } from './view/reduction-board.ts';

/** What is known of packs and meters: people's statements, what is derived, and where they stand now. */
export interface Knowledge {
  readonly packs: readonly ConfiguredPack[];
  readonly meters: readonly ConfiguredMeter[];
  readonly desk: RecordDesk;
  readonly derivation: Derivation;
  readonly board: PackBoard;
  readonly meterBoard: MeterBoard;
  readonly reductionBoard: ReductionBoard;
  /** The table of emission factors: what ships, and what people entered after it. */
  readonly factors: () => readonly FactorRow[];
}

/** @param nowMs undefined where another gateway derives: nothing is taken up, and nothing written. */
export async function openKnowledge(
  packs: readonly ConfiguredPack[],
  meters: readonly ConfiguredMeter[],
  reductions: readonly ReductionPlan[],
  store: Store,
  nowMs: number | undefined,
): Promise<Knowledge> {
  const desk = await RecordDesk.load(store);
  const factors = () => factorTable(programmeOf(desk));
  const derivation = new Derivation(store, {
    packs,
    packStatements: (pack) => statementsOf(desk, pack),
    meters,
    meterStatements: (meter) => meterStatementsOf(desk, meter),
    reductions: { plans: reductions, factors },
  });
  if (nowMs !== undefined) await derivation.load(nowMs);
  const board = new PackBoard(packs, { store, desk, derivation });
  const meterBoard = new MeterBoard(store, derivation);
  const reductionBoard = new ReductionBoard(store, derivation, () =>
    confirmationsOf(programmeOf(desk)),
  );
  if (nowMs !== undefined) {
    await meterBoard.account(nowMs);
    await reductionBoard.account(nowMs);
  }
  return { packs, meters, desk, derivation, board, meterBoard, reductionBoard, factors };
}

export async function openAlarms(
  { alarms: config, sites }: GatewayConfig,
  store: Store,
  broker: LateBroker,
  {
    log,
    clock,
    environment,
    registry,
  }: Pick<GatewayParts, 'log' | 'clock' | 'environment'> & {
    readonly registry: Registry;
  },
  atEnd: AtEnd,
): Promise<Alarms> {
  const unreadable = (id: string) =>
    log.error({ id }, 'an alarm in the store is not one of this program: left out');
  const alarms = await createAlarms({
    config,
    secrets: await readAlarmSecrets(config, environment),
    kinds: alarmKinds,
    sites: sites.map(({ id }) => id),
    alarmLog: recordLog(alarmRecords(store), unreadable),
    broker,
    clock,
    log,
  });
  registerAlarmMetrics(registry, alarms);
  atEnd(() => alarms.close());
  return alarms;
}

export async function openView(
  { sites }: GatewayConfig,
  { packs, board, meterBoard, reductionBoard, alarms }: Knowledge & { readonly alarms: Alarms },
  standing: GatewayStanding,
  store: Store,
  { clock, log }: Pick<GatewayParts, 'clock' | 'log'>,
): Promise<{ plant: Plant; devices: Devices }> {
  const generators = sites.flatMap(({ id: site, generators: configs }) =>
    configs.map((config) => ({ site, config })),
  );
  const siteMeters = sites.flatMap(({ id: site, meters }) =>
    meters.map((config) => ({ site, config })),
  );
  const devices = new Devices({
    configured: silentAfterMs([...packs, ...generators, ...siteMeters]),
    clock,
    changed: (event) => {
      logPresence(event, log);
      plant.changed();
    },
    twice: (device) => {
      log.warn(device, 'two programs announce themselves under one id: give one an id of its own');
      plant.changed();
    },
  });
  const { wallMs } = clock;
  const shown = { packs, board, meterBoard, reductionBoard, alarms, generators, siteMeters };
  const named = sites.map(({ id, name = id }) => ({ id, name }));
  const plant: Plant = new Plant({ ...shown, sites: named, devices, standing, wallMs });
  await plant.load(store);
  return { plant, devices };
}

/** A device is silent when the data of any asset it measures is too old. */
function silentAfterMs(
  assets: readonly {
    readonly site: string;
    readonly config: { readonly device?: string | undefined; readonly staleAfterSeconds: number };
  }[],
): Map<string, number> {
  const ages = new Map<string, number>();
  for (const { site, config } of assets) {
    if (config.device === undefined) continue;
    const key = `${site}/${config.device}`;
    ages.set(key, Math.min(ages.get(key) ?? Infinity, config.staleAfterSeconds * 1000));
  }
  return ages;
}

function logPresence({ presence, ...device }: PresenceEvent, log: GatewayParts['log']): void {
  const { state, since, reason } = presence;
  const fields = { ...device, state, since: new Date(since).toISOString(), reason };
  if (state === 'online') log.info(fields, 'a source is there');
  else log.warn(fields, 'a source has stopped');
}
