import { benchClaims } from './claims.ts';
import { benchDensity } from './density.ts';
import { benchDevice } from './device.ts';
import { benchDrain } from './drain.ts';
import { benchEnergy } from './energy.ts';
import { benchEnergyStore } from './energy-store.ts';
import { benchInfluxStore } from './influx-store.ts';
import { benchInfluxOutage } from './influx-outage.ts';
import { benchMeters } from './meters.ts';
import { benchPage } from './page.ts';
import { benchPageMemory } from './page-memory.ts';
import { benchLatency, benchStart } from './plant.ts';
import type { Row } from './row.ts';
import { benchRederive } from './rederive.ts';
import { benchReductions } from './reductions.ts';
import { benchSpool } from './spool.ts';
import { benchStore } from './store.ts';

/** `npm run bench [NAME…]`: prints every figure with what was asked of it. Judges nothing: machines are noisy. */
const benches: Record<string, () => Row[] | Promise<Row[]>> = {
  density: benchDensity,
  energy: async () => [...benchEnergy(), ...(await benchEnergyStore())],
  reductions: benchReductions,
  store: benchStore,
  influxdb: benchInfluxStore,
  outage: benchInfluxOutage,
  rederive: benchRederive,
  spool: benchSpool,
  device: benchDevice,
  meters: benchMeters,
  claims: benchClaims,
  drain: benchDrain,
  latency: benchLatency,
  start: benchStart,
  page: async () => [...(await benchPage()), ...(await benchPageMemory())],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(' ')}; known: ${Object.keys(benches).join(' ')}`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const row of await bench()) {
    const note = row.note === undefined ? '' : ` [${row.note}]`;
    console.log(`${row.name}: ${row.value.toPrecision(3)} ${row.unit}${verdict(row)}${note}`);
  }
}

function verdict({ value, unit, limit, least }: Row): string {
  const asked = [
    ...(limit === undefined ? [] : [`at most ${limit} ${unit}`]),
    ...(least === undefined ? [] : [`at least ${least} ${unit}`]),
  ];
  if (asked.length === 0) return '';
  const met = value <= (limit ?? Infinity) && value >= (least ?? -Infinity);
  return ` (asked: ${asked.join(', ')}${met ? '' : ' - NOT MET'})`;
}
