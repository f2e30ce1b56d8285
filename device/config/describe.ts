import { join } from 'node:path';
import { describeEchonet } from '../meters/echonet/config.ts';
import { describeModbus } from '../meters/modbus/describe.ts';
import { describeBoard } from './boards.ts';
import { type Config, echonetMetersOf, modbusOf, pulseMetersOf } from './schema.ts';

/** Where frames lie until they are acknowledged. */
export function spoolFolder({ data }: Config): string {
  return join(data, 'spool');
}

/** What running with this configuration opens, one line each: for `--check` and the first log line. */
export function describeOpened(config: Config): string[] {
  const { site, device, mqtt, clock, boards, adcs, packs, w1, data, spool } = config;
  return [
    `broker ${mqtt.url} as ${mqtt.username ?? 'nobody'}, topics kadoru/v1/${site}/${device}/`,
    `clock trusted by ${clock.trust}; frames wait at most ${clock.waitSeconds} s for it`,
    `spool ${spoolFolder(config)}: at most ${spool.maxMegabytes} MB, synced ${
      spool.syncSeconds === 0 ? 'with every frame' : `every ${spool.syncSeconds} s`
    }`,
    ...boards.map(describeBoard),
    ...adcs.map(
      ({ id, board, address }) => `adc ${id}: ADS1115 at 0x${address.toString(16)} of ${board}`,
    ),
    ...packs.flatMap(({ id, sampleSeconds, pressure, temperature }) => [
      ...(pressure === undefined
        ? []
        : [
            `${id}/pressure: ${pressure.adc} channel ${pressure.channel}, ${pressure.rangeMpa.join(' to ')} MPa gauge, every ${sampleSeconds} s`,
          ]),
      ...(temperature === undefined
        ? []
        : [
            `${id}/temperature (${temperature.placement}): ${describeTemperature(temperature, w1.path)}, every ${sampleSeconds} s`,
          ]),
    ]),
    ...pulseMetersOf(config).map(
      ({ id, quantity, board, pin, sampleSeconds }) =>
        `${id}/${quantity}: pulses on pin ${pin} of ${board}, every ${sampleSeconds} s, register in ${data}/registers/${id}.json`,
    ),
    ...describeEchonet(config.echonet, echonetMetersOf(config)),
    ...describeModbus(modbusOf(config)),
  ];
}

function describeTemperature(
  temperature: NonNullable<Config['packs'][number]['temperature']>,
  w1Path: string,
): string {
  if (temperature.kind === 'w1') return `${w1Path}/${temperature.sensor}`;
  const { adc, channel, rangeC } = temperature;
  return `${adc} channel ${channel}, ${rangeC.join(' to ')} degC`;
}
