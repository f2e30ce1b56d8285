import { parseConfig } from '../config/load.ts';
import type { Batch, Store } from '../store/port.ts';
import { Derivation } from './derivation.ts';
import { configuredMeters, nothingSaid } from './meter.ts';
import { configuredPacks, noStatements } from './pack.ts';
import { staleKeysOf } from './stale.ts';

const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
/** Where a computation may go on, and numbers of changes: they tell of when it was made. */
const notes = /_(checkpoint|reached|change)$/;

/** A site with a pack and a meter, for tests: with a name of its own each finds room in one store. */
export function newPlant(store: Store, site: string) {
  const text = `sites: [{ id: ${site}, packs: [{ id: pack-1, device: pi-1, cylinders: 30, cylinderLitres: 50 }], generators: [{ id: pv-1, kind: pv, device: pi-1 }] }]`;
  const config = parseConfig(text, 'gateway.yaml', {});
  const [packs, meters] = [configuredPacks(config), configuredMeters(config)];
  const staleKeys = staleKeysOf(packs, meters);
  return {
    derivation: (of: Store = store): Derivation =>
      new Derivation(of, {
        packs,
        packStatements: () => noStatements,
        meters,
        meterStatements: () => nothingSaid,
      }),
    commit: (came: Pick<Batch, 'readings' | 'events'>): Promise<unknown> =>
      store.commit({ ...came, frames: [], quarantine: [], records: [], stale: staleKeys(came) }),
    /** Every derived row, one text each, without the site's name. */
    derived: async (): Promise<string[]> => {
      const rows: string[] = [];
      for (const key of await store.derivedKeys()) {
        if (!key.key.startsWith(`${site}/`) || notes.test(key.measurement)) continue;
        for await (const { at, fields } of store.derived(key, always)) {
          const said = JSON.stringify({ ...fields, revision: 0, change: 0 });
          rows.push(
            `${key.measurement} ${new Date(at).toISOString()} ${said}`.replaceAll(site, 'site'),
          );
        }
      }
      return rows;
    },
  };
}

/** A store that fails at one of its writes of derived rows and ever after, as a killed process does, or as it is told. */
export function endingAt(store: Store, write: number | (() => boolean)): Store {
  let writes = 0;
  const fails = typeof write === 'number' ? () => (writes += 1) >= write : write;
  const putDerived: Store['putDerived'] = async (...all) => {
    if (fails()) throw new Error('killed');
    await store.putDerived(...all);
  };
  return new Proxy(store, {
    get: (of, name) => {
      if (name === 'putDerived') return putDerived;
      const value: unknown = Reflect.get(of, name);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
}
