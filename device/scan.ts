import { readdir, readlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Document } from 'yaml';
import { hex } from './meters/echonet/properties.ts';
import type { FoundNodes } from './meters/echonet/scan.ts';

export interface ScanPlaces {
  readonly serialById: string;
  readonly devices: string;
  readonly w1: string;
}

export const linuxPlaces: ScanPlaces = {
  serialById: '/dev/serial/by-id',
  devices: '/dev',
  w1: '/sys/bus/w1/devices',
};

/** USB and on-board serial ports on Linux, USB ones on macOS. */
const serialName = /^(tty(ACM|USB|AMA)\d+|cu\.usb.+)$/;

export interface Found {
  /** Names that stay the same whatever is plugged in first come first. */
  readonly serialPorts: readonly string[];
  readonly i2cBuses: readonly string[];
  readonly gpioChips: readonly string[];
  readonly w1Sensors: readonly string[];
}

/** Looks, opens nothing: a port that is opened resets the Arduino behind it. */
export async function scan(places: ScanPlaces): Promise<Found> {
  const [named, devices, w1] = await Promise.all([
    entries(places.serialById),
    entries(places.devices),
    entries(places.w1),
  ]);
  const byId = named.map((name) => join(places.serialById, name));
  const targets = await Promise.all(
    byId.map(async (link) => resolve(places.serialById, await readlink(link))),
  );
  const others = devices
    .filter((name) => serialName.test(name))
    .map((name) => join(places.devices, name))
    .filter((path) => !targets.includes(path));
  const devicesLike = (pattern: RegExp): string[] =>
    devices.filter((name) => pattern.test(name)).map((name) => join(places.devices, name));
  return {
    serialPorts: [...byId, ...others],
    i2cBuses: devicesLike(/^i2c-\d+$/),
    gpioChips: devicesLike(/^gpiochip\d+$/),
    w1Sensors: w1.filter((name) => /^(10|22|28|3b|42)-[0-9a-f]+$/.test(name)),
  };
}

/** A configuration to start from: what was found filled in, what nobody can find out marked. */
export function foundAsYaml(
  found: Found,
  w1Path: string,
  echonet: FoundNodes = { meters: [], nodes: [] },
): string {
  const document = new Document({
    site: 'my-site',
    device: 'pi-1',
    data: './device-data',
    mqtt: { url: 'mqtt://127.0.0.1:1883' },
    boards: found.serialPorts.map((port, index) => ({
      id: `uno-${index + 1}`,
      kind: 'firmata',
      port,
    })),
    adcs: [],
    packs: found.w1Sensors.map((sensor, index) => ({
      id: `pack-${index + 1}`,
      temperature: { kind: 'w1', sensor, placement: 'ambient' },
    })),
    meters: echonet.meters,
    w1: { path: w1Path },
  });
  document.commentBefore = [
    ' found by kadoru-device scan; device/README.md explains every key',
    ` serial ports: ${listed(found.serialPorts)}`,
    ` I2C buses of this machine: ${listed(found.i2cBuses)} (chips behind an Arduino show only when it runs)`,
    ` GPIO chips of this machine: ${listed(found.gpioChips)} (a board { kind: linux, i2c: ..., chip: ... } uses both)`,
    ` 1-wire thermometers: ${listed(found.w1Sensors)}`,
    ` ECHONET Lite nodes: ${listed(echonet.nodes.map(describeNode))}`,
    ' site, device, boards that are no Arduino, adcs, pressure and meters are yours to fill in',
  ].join('\n');
  return document.toString();
}

function describeNode([address, objects]: FoundNodes['nodes'][number]): string {
  return `${address} (${objects.map((object) => hex(object, 6)).join(' ')})`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none found' : names.join(' ');
}

async function entries(folder: string): Promise<string[]> {
  // A folder that is not there means that the machine has none of the kind.
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.toSorted((a, b) => a.localeCompare(b));
}
