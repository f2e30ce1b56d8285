import { createServer as createNetServer, type Server, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import { maxMessageBytes, parseDeviceTopic } from '#device/contract';
import { guardSocket } from './packet-guard.ts';
import {
  type EmbeddedMqttConfig,
  mayPublish,
  maySubscribe,
  type MqttAccess,
  type MqttIdentity,
} from '../access/index.ts';

/** Above this a connection is cut; between the contract's limit and this a message is quarantined as too large. */
const packetLimitBytes = 4 * maxMessageBytes;
const connectionLimit = 2000;

export interface BrokerLog {
  warn(details: object, message: string): void;
}

export interface EmbeddedBroker {
  readonly port: number;
  /** A connection from inside the process: MQTT like any other, but needing neither the listener's address nor its
   * certificate. */
  attach(): Duplex;
  /** Connections turned away since there were too many. */
  turnedAway(): number;
  close(): Promise<void>;
}

/** The broker in the gateway's process. Rejects when the port cannot be had. */
export async function startBroker(
  config: EmbeddedMqttConfig,
  tls: { cert: Buffer; key: Buffer } | undefined,
  access: MqttAccess,
  log: BrokerLog,
): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker(policy(access, log));
  broker.on('clientError', (client, error) =>
    log.warn({ client: client.id, error: error.message }, 'mqtt client'),
  );
  broker.on('connectionError', (client, error) =>
    log.warn({ client: client.id, error: error.message }, 'mqtt connection'),
  );
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    guardSocket(socket, packetLimitBytes, () =>
      log.warn(
        { from: socket.remoteAddress, limit: packetLimitBytes },
        'packet above the limit: connection ended',
      ),
    );
    broker.handle(socket);
  };
  const server = tls === undefined ? createNetServer(accept) : createTlsServer(tls, accept);
  server.maxConnections = connectionLimit;
  let turnedAway = 0;
  server.on('drop', () => {
    turnedAway += 1;
  });
  await listen(server, config);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : config.port,
    turnedAway: () => turnedAway,
    attach: () => {
      const [near, far] = duplexPair();
      broker.handle(far);
      return near;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, { host, port }: EmbeddedMqttConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse =
        error.code === 'EADDRINUSE'
          ? 'is in use by another program: choose another mqtt.embedded.port'
          : error.message;
      reject(new Error(`mqtt.embedded.port: ${host}:${port} ${inUse}`, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

/** Who may connect, publish and subscribe; what may be kept. */
function policy(access: MqttAccess, log: BrokerLog): ConstructorParameters<typeof Aedes>[0] {
  const identities = new WeakMap<Client, MqttIdentity>();
  return {
    // aedes keeps what offline sessions missed in memory without a bound; devices resend by themselves, so none is kept.
    preConnect: (_client, packet, callback) => {
      packet.clean = true;
      callback(null, true);
    },
    authenticate: (client, username, password, done) => {
      const from = 'remoteAddress' in client.conn ? String(client.conn.remoteAddress) : '';
      access.authenticateDevice(username, password?.toString(), from).then(
        (admission) => {
          if (admission.kind === 'admitted') {
            identities.set(client, admission.identity);
            // A second client of the same id takes the first one's place (MQTT 3.1.1, 3.1.4-2): nobody may take
            // another identity's.
            client.id = `${owner(admission.identity)}:${client.id}`;
            done(null, true);
            return;
          }
          log.warn({ client: client.id, username, from, ...admission }, 'mqtt login refused');
          done(refusal(admission.kind === 'wait' ? 3 : 4), false);
        },
        (error: unknown) => done(Object.assign(new Error(String(error)), { returnCode: 3 }), false),
      );
    },
    authorizePublish: (client, packet, callback) => {
      // A will of a client that has gone: it was admitted when the client connected (see aedes, wills on restart).
      const identity = client === null ? undefined : identities.get(client);
      const allowed =
        client === null || (identity !== undefined && mayPublish(identity, packet.topic));
      if (!allowed) log.warn({ client: client?.id, topic: packet.topic }, 'publish refused');
      if (packet.retain && !mayRetain(identity, packet)) packet.retain = false;
      callback(allowed ? null : new Error(`not allowed to publish on ${packet.topic}`));
    },
    authorizeSubscribe: (client, subscription, callback) => {
      const identity = identities.get(client);
      const allowed = identity !== undefined && maySubscribe(identity, subscription.topic);
      if (!allowed)
        log.warn({ client: client.id, filter: subscription.topic }, 'subscription refused');
      callback(null, allowed ? subscription : null);
    },
  };
}

/** Only births and descriptions are retained (facts/mqtt-influxdb.md): measurements would come back as new. */
function mayRetain(
  identity: MqttIdentity | undefined,
  { topic }: Pick<AedesPublishPacket, 'topic'>,
): boolean {
  if (identity?.kind === 'gateway') return true;
  const kind = parseDeviceTopic(topic)?.kind;
  return kind === 'state' || kind === 'meta';
}

function owner(identity: MqttIdentity): string {
  return identity.kind === 'device' ? `${identity.site}/${identity.device}` : `_${identity.kind}`;
}

function refusal(returnCode: number): Error & { returnCode: number } {
  return Object.assign(new Error('login refused'), { returnCode });
}
