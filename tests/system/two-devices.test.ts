import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startDeviceProcess } from './device-harness.ts';
import { startGatewayProcess } from './gateway-process.ts';

/** Two programs on two machines, configured with the same id by mistake. */
test('two devices with one id: said by the gateway, and neither frees what the other sent', async () => {
  const gateway = await startGatewayProcess();
  onTestFinished(async () => void (await gateway.program.end()));
  const start = async (milliCelsius: number) => {
    const path = mkdtempSync(join(tmpdir(), 'kadoru-w1-'));
    mkdirSync(join(path, '28-0000001'));
    writeFileSync(join(path, '28-0000001', 'temperature'), `${milliCelsius}\n`);
    const temperature = { kind: 'w1', sensor: '28-0000001', placement: 'ambient' };
    const device = await startDeviceProcess({
      site: 'keihin',
      device: 'pi-1',
      data: './data',
      mqtt: { url: gateway.mqttUrl },
      clock: { trust: 'system' },
      w1: { path },
      packs: [{ id: 'pack-1', sampleSeconds: 0.2, temperature }],
    });
    onTestFinished(async () => void (await device.end('SIGKILL')));
    return device;
  };
  const devices = [await start(20_000), await start(30_000)];
  await gateway.program.said(/two programs announce themselves under one id/);
  const { problems } = await gateway.health();
  expect(problems).toContainEqual(expect.objectContaining({ kind: 'device-twice' }));
  // A stream is a program's own: what is stored of each is whole, but for what the other may have said at the same time.
  await vi.waitFor(
    async () => {
      const { items } = await (await gateway.get('/api/v1/gaps?site=keihin')).json();
      const { byReason } = (await gateway.health()).quarantine;
      const answer = await gateway.get('/api/v1/readings?channel=keihin/pi-1/pack-1/temperature');
      const values = (await answer.text()).matchAll(/"value":(\d+)/g);
      expect(new Set([...values].map(([, value]) => value))).toEqual(new Set(['20', '30']));
      expect(Object.keys(byReason).filter((reason) => reason !== 'conflict')).toEqual([]);
      expect(items).toEqual([]);
    },
    { timeout: 90_000, interval: 500 },
  );
  for (const { child } of devices) expect(child.exitCode).toBeNull();
}, 180_000);
