import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmbeddedStore } from '../../gateway/store/embedded/store.ts';
import { openInfluxStore } from '../../gateway/store/influxdb/store.ts';
import type { Store } from '../../gateway/store/port.ts';
import { batch, reading } from '../../gateway/store/suite/samples.ts';
import { describeWithPeers } from '../peers.ts';
import { contentOf, fill } from './copy-content.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { Influxd } from './influxd.ts';
import { type Program, runKadoru, temporaryFolder } from './program.ts';

describeWithPeers('kadoru-gateway copy', ['influxd'], () => {
  let influxd: Influxd;
  let folder: string;
  let influx: string;
  beforeEach(async () => {
    influxd = await Influxd.start();
    folder = temporaryFolder();
    influx = `influxdb:${influxd.url}?bucket=kadoru&create=true`;
  });
  afterEach(() => influxd.end());

  const embeddedAt = (name: string) => openEmbeddedStore({ folder: join(folder, name) });
  const openInflux = () =>
    openInfluxStore({
      url: influxd.url,
      bucket: 'kadoru',
      create: true,
      writer: 'gateway',
      wallMs: Date.now,
    });
  const copy = (from: string, to: string): Program =>
    runKadoru('gateway', ['copy', '--from', from, '--to', to]);
  const done = async (program: Program) => ({
    code: await program.end('SIGCONT'),
    said: program.lines.join('\n'),
  });
  const using = async <Result>(opened: Promise<Store>, use: (store: Store) => Promise<Result>) => {
    const store = await opened;
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };

  /** Kills it at a moment named by what it says, then lets it go on to the end. */
  async function copyWithKills(from: string, to: string, moments: readonly RegExp[]) {
    for (const moment of moments) {
      const program = copy(from, to);
      await program.said(moment);
      await program.end('SIGKILL');
      expect(program.child.signalCode).toBe('SIGKILL');
    }
    const { code, said } = await done(copy(from, to));
    expect(said).toMatch(/equal in both stores by count and checksum/);
    expect(code).toBe(0);
    return said;
  }

  test(
    'embedded to InfluxDB and back, killed on the way: the same content to the byte',
    { timeout: 300_000 },
    async () => {
      await using(embeddedAt('old'), fill);
      const before = await using(embeddedAt('old'), contentOf);
      const moments = [
        /^copied .*pack-1/,
        /^copied .*pack-2/,
        /^copied .*pv-1/,
        /^checked in the target/,
      ];
      const said = await copyWithKills(`embedded:${join(folder, 'old')}`, influx, moments);
      expect(said).toContain(`store: { kind: influxdb, url: "${influxd.url}", bucket: "kadoru" }`);
      expect(await using(openInflux(), contentOf)).toEqual(before);
      await copyWithKills(influx, `embedded:${join(folder, 'back')}`, moments.slice(0, 3));
      expect(await using(embeddedAt('back'), contentOf)).toEqual(before);
      expect(await using(embeddedAt('back'), (store) => store.readingCount())).toBe(
        before.filter((line) => line.startsWith('reading ')).length,
      );
    },
  );

  test('a target that holds something else under an identity, or more: exit code 1 and what differs', async () => {
    const other = reading({ value: 1, raw: null });
    await using(embeddedAt('old'), async (store) => {
      await store.commit(batch({ readings: [reading(), reading({ asset: 'pack-2' })] }));
    });
    await using(openInflux(), (store) =>
      store.commit(batch({ readings: [other], stale: ['day'] })),
    );
    const { code, said } = await done(copy(`embedded:${join(folder, 'old')}`, influx));
    expect(code).toBe(1);
    expect(said).toMatch(/not copied: .*pack-1\/pressure at 2026-04-01.*holds another value/);
    expect(said).toMatch(/^readings of keihin\/pi-1\/pack-1\/pressure: 1 .* 1 \(checksum/m);
    expect(said).toMatch(/^stale marks: none in the source, 1 \(checksum/m);
    expect(said).not.toMatch(/^readings of .*pack-2/m);
    // Said once, though the series was copied a second time when it turned out to differ.
    expect(said.match(/not copied/g)).toHaveLength(1);
  });

  test('holes in a target that has the newest reading are filled', async () => {
    const readings = Array.from({ length: 100 }, (_, index) =>
      reading({ at: reading().at + 1000 * index, seq: index }),
    );
    await using(embeddedAt('old'), (store) => store.commit(batch({ readings })));
    await using(openInflux(), (store) =>
      store.commit(batch({ readings: readings.filter(({ seq }) => seq % 3 === 0) })),
    );
    await copyWithKills(`embedded:${join(folder, 'old')}`, influx, []);
    expect(await using(openInflux(), contentOf)).toEqual(await using(embeddedAt('old'), contentOf));
  });

  test('refused while a gateway has a store open, and for what names no store', async () => {
    const gateway = await startGatewayProcess();
    const open = `embedded:${join(gateway.folder, 'data')}`;
    await using(embeddedAt('old'), async () => undefined);
    for (const [from, to] of [
      [open, influx],
      [`embedded:${join(folder, 'old')}`, open],
    ] as const) {
      const { code, said } = await done(copy(from, to));
      expect({ code, said }).toEqual({
        code: 1,
        said: expect.stringContaining('another gateway is using it'),
      });
    }
    const args = ['copy', '--from', 'config', '--to', influx, '--config', gateway.config];
    const running = await done(runKadoru('gateway', args));
    expect(running).toEqual({ code: 1, said: expect.stringContaining('a gateway runs with this') });
    await gateway.program.end();
    expect((await done(runKadoru('gateway', args))).code).toBe(0);
    const missing = await done(copy(`embedded:${join(folder, 'nowhere')}`, influx));
    expect(missing).toEqual({ code: 2, said: expect.stringContaining('nowhere/kadoru.db') });
    expect((await done(copy(influx, influx))).said).toContain('name the same store');
  });
});
