import { openSerial, openTcp, type Wire } from '../../board/wire.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Log } from '../../log.ts';
import { planBlocks } from './blocks.ts';
import { QueuedBus } from './bus.ts';
import { type BusConfig, type ModbusConfig, type ModbusMeterConfig, placeOf } from './config.ts';
import { recoverySilenceMs, transmissionMs } from './conversation.ts';
import { findProfile, mapRegisters } from './mapping.ts';
import { ModbusMeter } from './meter.ts';
import type { Profile } from './profile.ts';
import type { ReadRegister } from './reading.ts';
import { rtuFraming } from './rtu-framing.ts';
import { tcpFraming } from './tcp-framing.ts';

export interface ModbusParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly identityChanged: () => void;
}

export interface Modbus {
  readonly meters: readonly ModbusMeter[];
  start(): void;
  /** Ends the asking, then closes the lines. */
  stop(): Promise<void>;
}

const openTimeoutMs = 5_000;
const reopen = { firstMs: 500, longestMs: 30_000 } as const;
/** What a Modbus TCP or serial-server line is reckoned at. */
const assumedBaudRate = 9_600;
/** From a request to the first byte of its answer, meters and USB adapters taken together. */
const turnaroundMs = 80;
/** Request, and what an answer has beside its words. */
const overheadBytes = 8 + 5;
const longestLead = 0.8;

/** Builds buses and meters from a checked configuration; opens nothing. */
export function assembleModbus(config: ModbusConfig, parts: ModbusParts): Modbus {
  const buses = config.buses.map((bus) => createBus(bus, parts));
  const meters = config.buses.flatMap((busConfig, index) => {
    const bus = buses[index];
    if (bus === undefined) return [];
    const wanted = config.meters
      .filter((meter) => meter.bus === busConfig.id)
      .map((meter) => ({ meter, ...resolve(meter, config) }));
    const leads = leadsMs(
      wanted.map(({ registers, profile }) => roundMs(registers, profile, busConfig)),
      busConfig.timeoutMs + recoverySilenceMs,
    );
    return wanted.map(({ meter, profile, registers }, turn) => {
      const sampleIntervalMs = Math.round(meter.sampleSeconds * 1_000);
      const leadMs = Math.min(leads[turn] ?? 0, Math.round(sampleIntervalMs * longestLead));
      const { id, unit } = meter;
      const { maker, model, serial } = profile;
      return new ModbusMeter(
        {
          id,
          unit,
          registers,
          serial,
          sampleIntervalMs,
          leadMs,
          maker,
          model,
          profile: meter.profile,
          configuredSerial: meter.serial,
        },
        { ...parts, bus },
      );
    });
  });
  return {
    meters,
    start: () => buses.forEach((bus) => bus.start()),
    stop: async () => {
      for (const meter of meters) meter.stop();
      await Promise.all(buses.map((bus) => bus.stop()));
    },
  };
}

/**
 * How long before the instant each meter is asked: the first ones earlier, so that all have answered by then even when
 * one of them costs the bus a time-out.
 */
export function leadsMs(roundsMs: readonly number[], spareMs: number): number[] {
  const leads: number[] = [];
  let leftMs = roundsMs.reduce((sum, ms) => sum + ms, spareMs);
  for (const ms of roundsMs) {
    leads.push(Math.ceil(leftMs));
    leftMs -= ms;
  }
  return leads;
}

/** One round of requests to a meter, as long as it takes on a line that works. */
function roundMs(registers: readonly ReadRegister[], { serial }: Profile, bus: BusConfig): number {
  const counts = planBlocks(registers).map(({ count }) => count);
  const baudRate = baudRateOf(bus);
  return [...counts, ...(serial === undefined ? [] : [2])].reduce(
    (sum, count) => sum + turnaroundMs + transmissionMs(overheadBytes + 2 * count, baudRate),
    0,
  );
}

function createBus(config: BusConfig, { clock, random, log }: ModbusParts): QueuedBus {
  return new QueuedBus(
    {
      id: config.id,
      place: placeOf(config),
      framing: config.kind === 'modbus-tcp' ? tcpFraming : rtuFraming,
      timeoutMs: config.timeoutMs,
      baudRate: baudRateOf(config),
      reopen,
    },
    { open: (signal) => openLine(config, signal), clock, random, log },
  );
}

function openLine(config: BusConfig, signal: AbortSignal): Promise<Wire> {
  if (config.kind !== 'modbus-rtu')
    return openTcp('Modbus server', new URL(config.address), openTimeoutMs, signal);
  const { port: path, baudRate, parity, stopBits } = config;
  return openSerial({ path, baudRate, parity, stopBits });
}

function baudRateOf(config: BusConfig): number {
  return config.kind === 'modbus-tcp' ? assumedBaudRate : config.baudRate;
}

function resolve(
  meter: ModbusMeterConfig,
  { profiles }: ModbusConfig,
): { profile: Profile; registers: readonly ReadRegister[] } {
  const profile = findProfile(meter.profile, profiles);
  if (profile === undefined)
    throw new Error(`"${meter.profile}" passed the configuration check but is no profile`);
  return { profile, registers: mapRegisters(meter, profile).registers };
}
