import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type IntervalPull,
  type MemberCalculation,
  memberCalculationSchema,
} from '#gateway/contract';
import { newKeys } from '../../gateway/claims/keys.ts';
import { describeWithPeers } from '../peers.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { Influxd } from './influxd.ts';
import {
  dayName,
  deliver,
  enrol,
  fiscalYear,
  frames,
  program,
  pull,
  run,
  startOffice,
  waiting,
} from './partner-office.ts';

const project = '/projects/keihin-pv';

describeWithPeers('a partner’s year with InfluxDB', ['influxd'], () => {
  let influxd: Influxd;
  let office: GatewayProcess;
  beforeEach(async () => {
    influxd = await Influxd.start();
    const store = { kind: 'influxdb', url: influxd.url, bucket: 'kadoru', create: true };
    office = await startOffice({ store });
  });
  afterEach(async () => {
    await office.program.end('SIGKILL');
    await influxd.end();
  });

  const settled = (token: string, query: string, items: number) =>
    vi.waitFor(async () => {
      const pulled = await pull<IntervalPull>(office, token, `${project}/intervals?${query}`);
      expect(pulled.items).toHaveLength(items);
      return pulled;
    }, waiting);

  test('enrolled, pulled, gone on with, sealed, claimed and verified, over a restart', async () => {
    const token = await enrol(office);
    // Half an hour is missing at first.
    const late = frames.slice(120, 126);
    await deliver(office, [...frames.slice(0, 120), ...frames.slice(126)]);
    const first = await settled(token, '', 2 * 48);
    await deliver(office, late);
    await vi.waitFor(async () => {
      const since = `since=${first.cursor}`;
      const { items } = await pull<IntervalPull>(office, token, `${project}/intervals?${since}`);
      const whole = items.filter(({ missingSeconds }) => missingSeconds === 0);
      expect(new Set(whole.map(({ start }) => start)).size).toBeGreaterThanOrEqual(1);
      expect(items.length).toBeLessThan(2 * 48);
    }, waiting);

    await office.program.end();
    office = await office.again();
    // A gateway seals what is over as soon as it runs.
    const pulled = await vi.waitFor(async () => {
      const all = await pull<IntervalPull>(office, token, `${project}/intervals`);
      const { items } = await pull<{ items: { throughDay: string }[] }>(
        office,
        token,
        '/seals/heads',
      );
      expect(items.map(({ throughDay }) => throughDay >= dayName)).toEqual([true, true]);
      expect(all.seals?.heads).toHaveLength(2);
      expect(all.items.filter(({ missingSeconds }) => missingSeconds > 0)).toEqual([]);
      return all;
    }, waiting);
    const { items: rest } = await pull<IntervalPull>(
      office,
      token,
      `${project}/intervals?since=${pulled.cursor}`,
    );
    expect(rest).toEqual([]);

    const { items } = await pull<{ items: MemberCalculation[] }>(
      office,
      token,
      `${project}/calculation?fiscalYear=${fiscalYear}`,
    );
    expect(memberCalculationSchema.parse(items[0])).toMatchObject({
      energy: { elWh: 288 * 15, coveredSeconds: 86_400 },
      bands: [{ band: 'all', elWh: 288 * 15 }],
    });

    const heads = join(office.folder, 'pull.json');
    writeFileSync(heads, JSON.stringify(pulled));
    const checked = await run(office, 'seals', 'check', '--heads', heads);
    expect(checked.code, checked.out).toBe(0);
    for (const { register } of pulled.seals?.heads ?? [])
      expect(checked.out).toContain(`{"finding":"checked","register":"${register}"`);
    await claim(office, token);
  });

  /** Of test data: refused while energy is left out under no rule, and frozen under one. */
  async function claim(of: GatewayProcess, token: string): Promise<void> {
    const year = ['--fiscal-year', String(fiscalYear)];
    const row =
      '--symbol C_a --value 0.000434 --unit t-CO2/kWh --end receiving --class fixture --document tests --version 1 --page 1 --by 佐藤';
    expect((await run(of, 'factors', 'add', ...year, ...row.split(' '))).code).toBe(0);
    const key = join(of.folder, 'key');
    await newKeys(key);
    const out = join(of.folder, 'claim');
    const asked = ['--project', 'keihin-pv', ...year, '--fixture', '--out', out, '--key', key];
    const refused = await run(of, 'claims', 'freeze', ...asked);
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringMatching(/not-acknowledged: member home-1, .*gap-at-edge/),
    ]);
    const frozen = await run(of, 'claims', 'freeze', ...asked, '--acknowledge', 'rule:plan:9');
    expect([frozen.code, frozen.out]).toEqual([
      0,
      expect.stringMatching(/^frozen keihin-pv-fy\d{4}-1: 1.87488 kg, 0 t, 1 members/),
    ]);
    const verified = await program('verify', '--key', `${key}.pub.pem`, out);
    expect([verified.code, verified.out]).toEqual([0, expect.stringMatching(/試験用/)]);
    const listed = await of.get('/api/v1/claims', token);
    expect((await listed.json()).items).toMatchObject([
      { claim: `keihin-pv-fy${fiscalYear}-1`, fixture: true },
    ]);
  }
});
