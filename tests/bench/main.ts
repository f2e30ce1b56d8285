import { benchDensity } from './density.ts';
import { benchDevice } from './device.ts';
import { benchLatency, benchStart } from './plant.ts';
import type { Row } from './row.ts';
import { benchStore } from './store.ts';

/** `npm run bench [NAME…]`: prints every figure with what was asked of it. Judges nothing: machines are noisy. */
const benches: Record<string, () => Row[] | Promise<Row[]>> = {
  density: benchDensity,
  store: benchStore,
  device: benchDevice,
  latency: benchLatency,
  start: benchStart,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(' ')}; known: ${Object.keys(benches).join(' ')}`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const { name: what, value, unit, limit, note } of await bench()) {
    const verdict =
      limit === undefined
        ? ''
        : ` (asked: at most ${limit} ${unit}${value <= limit ? '' : ' - NOT MET'})`;
    console.log(
      `${what}: ${value.toPrecision(3)} ${unit}${verdict}${note === undefined ? '' : ` [${note}]`}`,
    );
  }
}
