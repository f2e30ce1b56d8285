import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import packageJson from '../package.json' with { type: 'json' };
import { describeWithPeers, peerPath } from '../tests/peers.ts';
import { freePort } from '../tests/system/ports.ts';
import { type Program, runProgram, temporaryFolder } from '../tests/system/program.ts';
import { loadConfig } from './config/load.ts';

const waiting = { timeout: 30_000, interval: 20 };
const here = (path: string) => new URL(path, import.meta.url).pathname;
const read = (path: string) => readFileSync(here(path), 'utf8');

/** What we use of a compose file, strictly: a misspelt key is an error and not a setting that is left out. */
const serviceSchema = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  restart: z.literal('unless-stopped'),
  stop_grace_period: z.string().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()),
  tmpfs: z.array(z.string()).optional(),
  ports: z.array(z.string()),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()),
  secrets: z.array(z.string()),
  depends_on: z.array(z.string()).default([]),
  healthcheck: z.strictObject({
    test: z.array(z.string()),
    interval: z.string(),
    timeout: z.string(),
    retries: z.int(),
    start_period: z.string(),
  }),
});
const composeSchema = z.strictObject({
  name: z.string(),
  services: z.strictObject({
    mosquitto: serviceSchema,
    influxdb: serviceSchema,
    gateway: serviceSchema,
    grafana: serviceSchema,
  }),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});
const { services, volumes, secrets } = composeSchema.parse(parse(read('compose.yaml')));
const all = Object.entries(services);

describe('compose.yaml', () => {
  test.each(all)('%s: a pinned image, a health check, no new privileges', (_, service) => {
    expect(service.image).toMatch(/:\d+\.\d+\.\d+$/);
    expect(service.healthcheck.test[0]).toBe('CMD');
    expect(service.security_opt).toContain('no-new-privileges:true');
  });

  test.each(all)('%s: published on loopback, or by choice', (_, { ports }) => {
    for (const port of ports)
      expect(port).toMatch(/^(127\.0\.0\.1|\$\{KADORU_MQTT_BIND:-127\.0\.0\.1\}):\d+:\d+$/);
  });

  test.each(all)('%s: secrets come from files, and none has a default', (_, service) => {
    for (const [name, value] of Object.entries(service.environment)) {
      if (/PASSWORD|TOKEN|SECRET/.test(name)) {
        expect(name).toMatch(/_FILE$/);
        expect(service.secrets).toContain(value.replace('/run/secrets/', ''));
      }
    }
    for (const secret of service.secrets)
      expect(secrets[secret]?.file).toBe(`./compose/secrets/${secret}`);
  });

  test.each(all)('%s: what is mounted is there, what is configured read-only', (_, service) => {
    for (const volume of service.volumes) {
      const [source = '', , mode] = volume.split(':');
      if (!source.startsWith('.')) expect(Object.keys(volumes)).toContain(source);
      else expect([statSync(here(source)).mode > 0, mode]).toEqual([true, 'ro']);
    }
  });

  test('the gateway cannot write but into its data, and is no root', () => {
    const { gateway } = services;
    expect(gateway).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(gateway.image).toBe(`kadoru-gateway:${packageJson.version}`);
    expect(gateway.healthcheck.test.join(' ')).toContain('/api/v1/health');
    const dockerfile = read('Dockerfile');
    expect(dockerfile).toMatch(/\nUSER node\n/);
    for (const [, image] of dockerfile.matchAll(/^FROM (\S+)/gm))
      expect(image).toMatch(/^node:\d+\.\d+\.\d+-/);
  });

  test('Grafana lets nobody in without a password and reads with a user of its own', () => {
    expect(services.grafana.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'false',
      GF_USERS_ALLOW_SIGN_UP: 'false',
    });
    const { datasources } = z
      .object({ datasources: z.array(z.looseObject({})).length(1) })
      .parse(parse(read('grafana/provisioning/datasources/kadoru.yaml')));
    expect(datasources[0]).toMatchObject({
      uid: 'kadoru',
      jsonData: {
        version: 'InfluxQL',
        dbName: services.influxdb.environment['DOCKER_INFLUXDB_INIT_BUCKET'],
      },
      secureJsonData: { password: '$__file{/run/secrets/influxdb-grafana-password}' },
    });
    expect(services.grafana.secrets).toContain('influxdb-grafana-password');
    const provider = read('grafana/provisioning/dashboards/kadoru.yaml');
    const [, path = '?'] = /path: (\S+)/.exec(provider) ?? [];
    expect(services.grafana.volumes).toContain(`./grafana/dashboards:${path}:ro`);
  });

  test('the gateway takes its configuration, and finds its secrets where they are put', () => {
    const { mqtt, store, http } = loadConfig(here('compose/gateway.yaml'), {});
    const files = [
      'passwordFile' in mqtt && mqtt.passwordFile,
      'tokenFile' in store && store.tokenFile,
      http.operatorTokenFile,
    ];
    expect(files).toEqual(services.gateway.secrets.map((secret) => `/run/secrets/${secret}`));
    expect(store).toMatchObject({
      org: services.influxdb.environment['DOCKER_INFLUXDB_INIT_ORG'],
      bucket: services.influxdb.environment['DOCKER_INFLUXDB_INIT_BUCKET'],
    });
  });

  test('the script that prepares InfluxDB is one that a shell takes and may run', () => {
    execFileSync('sh', ['-n', here('compose/influxdb-init.sh')]);
    expect(statSync(here('compose/influxdb-init.sh')).mode & 0o111).toBe(0o111);
  });
});

describeWithPeers('its mosquitto.conf and ACL on a real mosquitto', ['mosquitto'], () => {
  let mosquitto: Program;
  let url: string;
  const login = (username: string, password = 'right') =>
    connectAsync(url, { username, password, reconnectPeriod: 0, connectTimeout: 30_000 });

  beforeAll(async () => {
    const [folder, port] = [temporaryFolder(), await freePort()];
    const passwords = join(folder, 'passwords');
    writeFileSync(passwords, '', { mode: 0o600 });
    for (const user of ['gateway', 'keihin/pi-1', 'keihin/pi-2'])
      execFileSync('mosquitto_passwd', ['-b', passwords, user, 'right']);
    const config = read('compose/mosquitto.conf')
      .replace('/run/secrets/mosquitto-passwords', passwords)
      .replace('/mosquitto/config/mosquitto.acl', here('compose/mosquitto.acl'))
      .replace('/mosquitto/data/', `${folder}/`)
      .replace('listener 1883', `listener ${port} 127.0.0.1\nuser root`);
    writeFileSync(join(folder, 'mosquitto.conf'), config);
    mosquitto = runProgram(peerPath('mosquitto') ?? 'mosquitto', [
      '-c',
      join(folder, 'mosquitto.conf'),
    ]);
    await mosquitto.said(/running$/);
    url = `mqtt://127.0.0.1:${port}`;
  });
  afterAll(() => mosquitto.end('SIGKILL'));

  test('nobody comes in without the right password', async () => {
    await expect(connectAsync(url, { reconnectPeriod: 0 })).rejects.toThrow(/Not authorized/);
    await expect(login('keihin/pi-1', 'wrong')).rejects.toThrow(/Not authorized/);
  });

  test('a device speaks under its own name only, and hears its own acknowledgements', async () => {
    const [gateway, one, two] = await Promise.all(
      ['gateway', 'keihin/pi-1', 'keihin/pi-2'].map((user) => login(user)),
    );
    if (gateway === undefined || one === undefined || two === undefined) throw new Error('away');
    await gateway.subscribeAsync('kadoru/v1/+/+/live', { qos: 1 });
    const heard: string[] = [];
    gateway.on('message', (topic) => heard.push(topic));
    await one.publishAsync('kadoru/v1/keihin/pi-2/live', 'not mine', { qos: 1 });
    await one.publishAsync('kadoru/v1/keihin/pi-1/live', 'mine', { qos: 1 });
    await vi.waitFor(() => expect(heard).toEqual(['kadoru/v1/keihin/pi-1/live']), waiting);
    const acknowledged: string[] = [];
    for (const device of [one, two]) {
      await device.subscribeAsync('kadoru/v1/keihin/pi-1/ack', { qos: 1 }).catch(() => undefined);
      device.on('message', () => acknowledged.push(device === one ? 'one' : 'two'));
    }
    await gateway.publishAsync('kadoru/v1/keihin/pi-1/ack', '{}', { qos: 1 });
    await vi.waitFor(() => expect(acknowledged).toEqual(['one']), waiting);
    await Promise.all([gateway, one, two].map((client) => client.endAsync()));
  });
});
