import { stringify } from 'yaml';
import type { Scenario } from '../scenarios/scenario.ts';

/** The one site of the demonstration: names that all its programs share. */
export const demoSite = {
  site: 'keihin',
  device: 'pi-1',
  pack: 'pack-1',
  meter: 'pv-1',
  fuelCell: 'fc-1',
  gridMeter: 'grid-1',
  soldMeter: 'sold-1',
} as const;

const heading = '# Written by `npm start`; changes here are overwritten at the next one.\n';

export function gatewayYaml(
  folder: string,
  httpPort: number,
  mqttPort: number,
  scenario: Scenario,
): string {
  const { site, device, pack, gridMeter, soldMeter } = demoSite;
  const host = '127.0.0.1';
  return (
    heading +
    stringify({
      data: folder,
      http: { host, port: httpPort },
      mqtt: { embedded: { host, port: mqttPort } },
      sites: [
        {
          id: site,
          name: '京浜島',
          packs: [
            {
              id: pack,
              name: '京浜島カードル1号',
              device,
              cylinders: scenario.pack.openCylinders,
              cylinderLitres: scenario.pack.cylinderLitres,
              // The simulated transmitter sits behind the stop valve (simulators/world/tap.ts).
              tap: 'line',
              ...chainOf(scenario),
            },
          ],
          generators: [...generators],
          meters: [
            { id: gridMeter, name: '系統連系', device, quantities: ['imported', 'exported'] },
            { id: soldMeter, name: '太陽光の売電', device, quantities: ['exported'] },
          ],
        },
      ],
    })
  );
}

/** What the roof sells has a meter of its own; what the fuel cell gives away is counted with it at the connection. */
const generators = [
  {
    id: demoSite.meter,
    name: '屋上太陽光',
    kind: 'pv',
    device: demoSite.device,
    reduction: { sold: { meter: demoSite.soldMeter } },
  },
  {
    id: demoSite.fuelCell,
    name: '燃料電池',
    kind: 'fuel-cell',
    device: demoSite.device,
    reduction: { sharedExport: true },
  },
];

/** What the gateway is told of the instruments: the classes their errors were drawn from. */
function chainOf({ classes, loops }: Scenario) {
  if (classes === undefined) return { thermometer: { class: 'pt100-a', placement: 'wall' } };
  const { classPercent, coefficientPercentPer10K, shuntPercent, volumePercent } = classes;
  const [lowMpa, highMpa] = loops.pressure.rangeMpa;
  return {
    transmitter: { classPercent, spanMpa: highMpa - lowMpa, coefficientPercentPer10K },
    shuntPercent,
    thermometer: { class: classes.thermometer, placement: classes.placement },
    volumePercent,
  };
}

export interface Handover {
  readonly registerWh: number;
  readonly asOfMs: number;
}

/** What the plant offers; a machine without loopback addresses beside 127.0.0.1 has no fuel cell. */
export interface PlantPorts {
  readonly board: string;
  readonly echonet: { readonly address: string; readonly port: number } | undefined;
  readonly modbus: string;
}

export function deviceYaml(
  folder: string,
  mqttUrl: string,
  ports: PlantPorts,
  scenario: Scenario,
  handover: Handover,
): string {
  const { site, device, pack, meter } = demoSite;
  const { echonet } = ports;
  const { shuntOhm, pressure, temperature } = scenario.loops;
  const placement = scenario.classes?.placement ?? 'wall';
  const loop = { kind: 'current-loop', adc: 'adc-1', shuntOhm };
  return (
    heading +
    stringify({
      site,
      device,
      data: folder,
      mqtt: { url: mqttUrl },
      clock: { trust: 'system' },
      boards: [{ id: 'uno', kind: 'firmata', port: ports.board }],
      adcs: [{ id: 'adc-1', kind: 'ads1115', board: 'uno', address: 0x48 }],
      packs: [
        {
          id: pack,
          sampleSeconds: 1,
          pressure: { ...loop, channel: 0, rangeMpa: pressure.rangeMpa },
          temperature: { ...loop, channel: 1, rangeC: temperature.rangeC, placement },
        },
      ],
      meters: [
        {
          id: meter,
          quantity: 'generated',
          kind: 'pulses',
          board: 'uno',
          pin: scenario.meter.pin,
          pulsesPerKwh: scenario.meter.pulsesPerKwh,
          // The default is 60; who has just typed `npm start` should not look at an unknown power for a minute.
          sampleSeconds: 10,
          register: { wh: handover.registerWh, asOf: new Date(handover.asOfMs).toISOString() },
        },
        ...(echonet === undefined ? [] : [fuelCellMeter(echonet.address)]),
        gridMeter,
        roofMeter,
      ],
      buses: [{ id: gridMeter.bus, kind: 'modbus-tcp', address: ports.modbus }],
      ...(echonet !== undefined && { echonet: { bind: '127.0.0.1', port: echonet.port } }),
    })
  );
}

/** Without `quantities` it gives all it has: imported, exported, power. */
const gridMeter = {
  id: demoSite.gridMeter,
  kind: 'modbus',
  bus: 'house',
  unit: 1,
  profile: 'sdm230',
  sampleSeconds: 10,
};

/** Behind one meter with the fuel cell nobody could tell what the roof sells. */
const roofMeter = {
  ...gridMeter,
  id: demoSite.soldMeter,
  unit: 2,
  quantities: ['exported'],
};

function fuelCellMeter(address: string) {
  return {
    id: demoSite.fuelCell,
    kind: 'echonet',
    address,
    object: 'fuel-cell',
    // As the meter above.
    sampleSeconds: 10,
  };
}

/** The scenario of a first start: the default world, with a batch that begins as somebody sits down to watch. */
export function firstScenarioYaml(nowMs: number): string {
  const firstBatchAt = new Date(nowMs - 24 * 3_600_000).toISOString();
  return (
    '# The world of this demonstration; see simulators/README.md. Yours to change while it is stopped.\n' +
    stringify({ data: './world', pack: { draw: { firstBatchAt } } })
  );
}
