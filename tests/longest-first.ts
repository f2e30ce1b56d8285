import { statSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, longest first, by the start of a file's path; all else by size. A clean machine has no durations of runs before, and
 * by size, which vitest goes by then, the three lines that start the fault matrices would come last and run alone. Those
 * that mostly wait stand between those that mostly compute.
 */
const longest = [
  'tests/faults/matrix-mosquitto',
  'tests/hydrogen/planted',
  'tests/faults/matrix-embedded',
  'tests/browser/work',
  'simulators/plant/plant',
  'tests/properties/energy-year',
  'tests/system/device-firmware',
  'tests/browser/history',
  'tests/system/modbus',
  'gateway/store/influxdb/faults',
  'tests/faults/matrix-influxdb',
  'tests/system/demo',
  'tests/properties/energy-ingest',
  'tests/faults/',
  'tests/system/',
  'tests/browser/',
  'tests/properties/',
  'device/spool/disk/',
  'device/meters/modbus/bus',
  'simulators/board/board',
  'tests/claims/',
  'tests/hydrogen/',
  'gateway/energy/properties',
  'gateway/store/',
  'gateway/derive/',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placed = files.map((file) => ({
      file,
      rank: rankOf(file.moduleId.slice(this.ctx.config.root.length + 1)),
      bytes: statSync(file.moduleId).size,
    }));
    return placed
      .toSorted((one, other) => one.rank - other.rank || other.bytes - one.bytes)
      .map(({ file }) => file);
  }
}

function rankOf(path: string): number {
  const rank = longest.findIndex((start) => path.startsWith(start));
  return rank < 0 ? longest.length : rank;
}
