import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWithPeers, peerPath } from '../peers.ts';
import { frame, type GatewayProcess, startGatewayProcess, WireDevice } from './gateway-process.ts';
import { freePort } from './ports.ts';
import { type Program, runProgram, temporaryFolder } from './program.ts';

const waiting = { timeout: 120_000, interval: 50 };
const pressure = (value: number) => ({
  'pack-1/pressure': { value },
  'pack-1/temperature': { value: 20 },
});

async function startMosquitto(port: number): Promise<Program> {
  const config = join(temporaryFolder(), 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const mosquitto = runProgram(peerPath('mosquitto') ?? 'mosquitto', ['-c', config, '-v']);
  await mosquitto.said(/running$/);
  return mosquitto;
}

describeWithPeers('the gateway with an external broker (mosquitto)', ['mosquitto'], () => {
  let mosquitto: Program;
  let gateway: GatewayProcess;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    mosquitto = await startMosquitto(port);
    gateway = await startGatewayProcess({
      brokerPort: port,
      mqtt: () => ({ url: `mqtt://127.0.0.1:${port}` }),
    });
  });
  afterAll(async () => {
    await gateway.program.end('SIGKILL');
    await mosquitto.end('SIGKILL');
  });

  test('the same path: stored, acknowledged, shown', async () => {
    const device = await WireDevice.connect(gateway.mqttUrl);
    await device.send('live', frame(1, Date.now(), pressure(10)));
    await vi.waitFor(() => expect(device.acknowledged()).toEqual([1]), waiting);
    expect((await gateway.pack()).pressureMpa).toBe(10);
    expect((await gateway.health()).broker).toEqual({ kind: 'external', connected: true });
    await device.close();
  });

  test('a broker that is killed is said to be gone, and met again by itself', async () => {
    await mosquitto.end('SIGKILL');
    await vi.waitFor(
      async () =>
        expect((await gateway.health()).problems).toMatchObject([{ kind: 'broker-away' }]),
      waiting,
    );
    mosquitto = await startMosquitto(port);
    await vi.waitFor(
      async () => expect((await gateway.health()).broker.connected).toBe(true),
      waiting,
    );
    const device = await WireDevice.connect(gateway.mqttUrl);
    await device.send('live', frame(2, Date.now(), pressure(9)));
    await vi.waitFor(() => expect(device.acknowledged()).toEqual([2]), waiting);
    await device.close();
  });

  test('a second gateway that is one too many is said by both, and no more once it is gone', async () => {
    const problems = async (of: GatewayProcess) =>
      (await of.health()).problems.map(({ kind, subject }) => `${kind} ${subject}`);
    const second = async (id: string) =>
      startGatewayProcess({
        brokerPort: port,
        mqtt: () => ({ url: `mqtt://127.0.0.1:${port}` }),
        more: { id },
      });
    const said = async (of: GatewayProcess, problem: string) =>
      vi.waitFor(async () => expect(await problems(of)).toContain(problem), waiting);
    const gone = async () =>
      vi.waitFor(async () => expect(await problems(gateway)).toEqual([]), waiting);
    const twin = await second('gateway');
    await said(gateway, 'gateway-twice gateway');
    await said(twin, 'gateway-twice gateway');
    await gateway.program.said(/"msg":"another gateway"/);
    await twin.program.end('SIGKILL');
    await gone();
    const other = await second('gateway-2');
    await said(gateway, 'site-held-twice gateway-2');
    await said(other, 'site-held-twice gateway');
    await other.program.end('SIGTERM');
    await gone();
  });
});
