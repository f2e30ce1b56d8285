import { readFileSync } from 'node:fs';
import type { DeviceTopic } from '#device/contract';
import { createMqttAccess, mqttAccessMode } from '../access/index.ts';
import { type GatewayConfig, holdsSites } from '../config/schema.ts';
import type { Core } from '../core.ts';
import { counted } from '../metrics.ts';
import type { AtEnd, GatewayParts } from '../parts.ts';
import { GatewayClient, type GatewayClientParts } from './client.ts';
import { LiveListener } from './live-listener.ts';
import { startBroker } from './embedded.ts';
import { OtherGateways } from './other-gateways.ts';

/** Starts the embedded broker where one is configured and connects to whichever broker there is; answers its port. */
export async function startMqtt(
  config: GatewayConfig,
  core: Core,
  parts: Pick<GatewayParts, 'log' | 'clock'> & { readonly boot: string },
  atEnd: AtEnd,
): Promise<number | undefined> {
  const { log, clock, boot } = parts;
  const { port, ...way } = await wayToBroker(config, core, parts, atEnd);
  const others = new OtherGateways({ id: config.id, boot, holds: holdsSites(config) });
  core.standing.others(() => others.problems());
  const client: GatewayClient = new GatewayClient({
    ...way,
    sites: config.sites.map(({ id }) => id),
    group: config.mqtt.shared?.group,
    id: config.id,
    boot,
    holds: holdsSites(config),
    wallMs: clock.wallMs,
    message: (topic, bytes) => dispatch(config, core, topic, bytes, parts),
    alarm: (topic, bytes) => core.alarms.brokerMessage(topic, bytes),
    gateway: (topic, bytes) => {
      const { begins, ends } = others.heard(topic, bytes);
      if (begins !== undefined) log.error({ why: begins.detail }, 'another gateway');
      if (ends !== undefined) log.info({ was: ends.detail }, 'the other gateway is gone');
      if (begins !== undefined || ends !== undefined) core.plant.changed();
      // The other one may not have heard of us, or have said goodbye under our id.
      if (begins !== undefined || ends !== undefined) client.announce();
    },
    deaf: (why) =>
      log.warn({ why }, 'the broker does not let this gateway hear others: two are not noticed'),
    stray: (topic) => log.warn({ topic }, 'message on a topic outside the contract: ignored'),
    connection: (connected, why) => {
      log.info({ connected, why }, 'broker connection');
      core.standing.brokerConnection(connected, why);
      core.devices.listen(connected);
      // What is retained of alarms is the primary's to clear.
      if (holdsSites(config)) core.alarms.brokerConnection(connected);
      core.plant.changed();
    },
  });
  core.setAcknowledge((ack) => client.acknowledge(ack));
  core.alarmBroker.is(client);
  counted(
    core.registry,
    'kadoru_acks_dropped_total',
    'Acknowledgements the broker did not take; devices ask again',
    () => client.droppedAcks,
  );
  atEnd(() => client.close());
  listenToOthers(config, core, { ...parts, way }, atEnd);
  return port;
}

/** What other gateways of the group store, the one that holds the sites shows as well. */
function listenToOthers(
  config: GatewayConfig,
  { ingest }: Pick<Core, 'ingest'>,
  {
    log,
    boot,
    way,
  }: Pick<GatewayParts, 'log'> & { readonly boot: string; readonly way: Omit<Way, 'port'> },
  atEnd: AtEnd,
): void {
  const { mqtt, sites, id } = config;
  if (mqtt.shared === undefined) return;
  log.info(mqtt.shared, 'the storing is shared among the gateways of the group');
  if (!holdsSites(config)) return;
  const listener = new LiveListener({
    url: mqtt.url,
    login: way.login,
    sites: sites.map((site) => site.id),
    id,
    boot,
    message: (topic, bytes) => ingest.show(topic, bytes),
    refused: (why) =>
      log.error({ why }, 'the broker refused to let this gateway listen to live data'),
  });
  atEnd(() => listener.close());
}

function dispatch(
  { sites }: Pick<GatewayConfig, 'sites'>,
  { ingest, devices, plant }: Core,
  topic: DeviceTopic,
  bytes: Uint8Array,
  { log }: Pick<GatewayParts, 'log'>,
): void {
  // Of sites that are not configured nothing is stored, and nothing acknowledged: devices keep it until they are.
  if (sites.length === 0 && topic.kind === 'live') ingest.show(topic, bytes);
  else if (topic.kind === 'live' || topic.kind === 'history') ingest.receive(topic, bytes);
  if (topic.kind !== 'state') return;
  const wrong = devices.observeState(topic.site, topic.device, bytes);
  if (wrong === undefined) plant.changed();
  else log.warn({ ...topic, wrong }, 'state message ignored');
}

type Way = Pick<GatewayClientParts, 'broker' | 'login'> & { readonly port: number | undefined };

async function wayToBroker(
  { mqtt }: GatewayConfig,
  { registry }: Pick<Core, 'registry'>,
  { log, clock }: Pick<GatewayParts, 'log' | 'clock'>,
  atEnd: AtEnd,
): Promise<Way> {
  if (!('embedded' in mqtt)) {
    const { url, username, passwordFile, caFile } = mqtt;
    const login = {
      ...(username === undefined ? {} : { username }),
      ...(passwordFile === undefined
        ? {}
        : { password: readFileSync(passwordFile, 'utf8').trim() }),
      ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    };
    return { broker: { url }, login, port: undefined };
  }
  const { embedded } = mqtt;
  const access = createMqttAccess({
    mode: mqttAccessMode(embedded),
    devices: embedded.devices,
    clock,
  });
  counted(registry, 'kadoru_mqtt_failed_logins_total', 'Wrong device passwords', () =>
    access.failedLogins(),
  );
  if (access.mode === 'open-loopback')
    log.info(
      { host: embedded.host },
      'MQTT asks nobody for a password: only this machine reaches it',
    );
  if (embedded.insecure)
    log.warn(
      { host: embedded.host },
      'mqtt.embedded.insecure: served beyond this machine without all of TLS and passwords, by choice',
    );
  const tls = embedded.tls && {
    cert: readFileSync(embedded.tls.certFile),
    key: readFileSync(embedded.tls.keyFile),
  };
  const broker = await startBroker(embedded, tls, access, log);
  counted(
    registry,
    'kadoru_mqtt_connections_turned_away_total',
    'Connections refused because there were too many',
    () => broker.turnedAway(),
  );
  atEnd(() => broker.close());
  return { broker: { open: () => broker.attach() }, login: access.gatewayLogin, port: broker.port };
}
