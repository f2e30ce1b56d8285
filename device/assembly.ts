import { join } from 'node:path';
import type { Board } from './board/port.ts';
import type { Clock } from './clock/clock.ts';
import {
  type Config,
  type LoopConfig,
  type PulseMeterConfig,
  pulseMetersOf,
  type TemperatureConfig,
} from './config/schema.ts';
import type { Log } from './log.ts';
import { openPulseMeter, type PulseMeter } from './meters/pulses.ts';
import type { Asset } from './sampling/asset.ts';
import { createPack, type SensedQuantity } from './sampling/pack.ts';
import { Ads1115 } from './sensors/ads1115.ts';
import { currentLoopSensor } from './sensors/current-loop.ts';
import type { Sensor } from './sensors/port.ts';
import { W1Thermometer } from './sensors/w1.ts';

/** A chip that takes longer leaves no time for the other channels of a one-second frame. */
const adcTimeoutMs = 300;
/**
 * No filter unless asked for. All that is known of a pulse's width is when its two reports arrived, and TCP, USB and a
 * busy machine bunch reports: a filter of 5 ms rejected 21 of 500 real pulses of 40 ms behind a loaded serial port.
 */
const defaultMinimumPulseMs = 0;

interface Parts {
  readonly boards: ReadonlyMap<string, Board>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Builds packs from the configuration; its references have been checked. */
export function assemblePacks(config: Config, { boards, clock }: Parts): Asset[] {
  const adcs = new Map(
    config.adcs.map(({ id, board, address }) => [
      id,
      new Ads1115(named(boards, board), clock, { address, timeoutMs: adcTimeoutMs }),
    ]),
  );
  const loopSensor = (loop: Omit<LoopConfig, 'rangeMpa'>, range: [number, number]): Sensor =>
    currentLoopSensor(named(adcs, loop.adc).channel(loop.channel, loop.fullScaleVolts), {
      shuntOhm: loop.shuntOhm,
      range,
    });
  const thermometer = (temperature: TemperatureConfig): Sensor =>
    temperature.kind === 'w1'
      ? new W1Thermometer(config.w1.path, temperature.sensor, clock)
      : loopSensor(temperature, temperature.rangeC);
  return config.packs.map(({ id, sampleSeconds, pressure, temperature }) => {
    const sensed: SensedQuantity[] = [];
    if (pressure !== undefined)
      sensed.push({
        quantity: 'pressure',
        sensor: loopSensor(pressure, pressure.rangeMpa),
        details: loopDetails(pressure, pressure.rangeMpa),
      });
    if (temperature !== undefined)
      sensed.push({
        quantity: 'temperature',
        sensor: thermometer(temperature),
        details: thermometerDetails(temperature),
      });
    return createPack(id, Math.round(sampleSeconds * 1_000), sensed);
  });
}

/** Opens the registers of all pulse meters. Rejects with the first that cannot be read. */
export async function assembleMeters(config: Config, parts: Parts): Promise<PulseMeter[]> {
  const meters: PulseMeter[] = [];
  for (const meter of pulseMetersOf(config)) meters.push(await assembleMeter(config, meter, parts));
  return meters;
}

function assembleMeter(config: Config, meter: PulseMeterConfig, parts: Parts): Promise<PulseMeter> {
  const { id, quantity, pin, pulsesPerKwh, sampleSeconds, register } = meter;
  return openPulseMeter(
    {
      id,
      quantity,
      pin,
      rate: pulsesPerKwh,
      minimumWidthMs: meter.minimumPulseMs ?? defaultMinimumPulseMs,
      sampleIntervalMs: Math.round(sampleSeconds * 1_000),
      file: join(config.data, 'registers', `${id}.json`),
      display: register && { wh: register.wh, asOfMs: Date.parse(register.asOf) },
    },
    named(parts.boards, meter.board),
    parts.clock,
    parts.log,
  );
}

function loopDetails(
  loop: { readonly shuntOhm: number },
  range: readonly number[],
): Record<string, unknown> {
  return { sensor: 'current-loop', range, shuntOhm: loop.shuntOhm };
}

function thermometerDetails(temperature: TemperatureConfig): Record<string, unknown> {
  const { placement } = temperature;
  return temperature.kind === 'w1'
    ? { sensor: 'w1', serial: temperature.sensor, placement }
    : { ...loopDetails(temperature, temperature.rangeC), placement };
}

function named<T>(parts: ReadonlyMap<string, T>, id: string): T {
  const part = parts.get(id);
  if (part === undefined)
    throw new Error(`"${id}" passed the configuration check but is not configured`);
  return part;
}
