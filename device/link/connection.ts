import { readFile } from 'node:fs/promises';
import { connect as mqttConnect, type IClientOptions, type MqttClient } from 'mqtt';

export interface BrokerSettings {
  readonly url: string;
  readonly clientId: string;
  readonly username?: string | undefined;
  /** Read at every connect, so that a rotated password needs no restart. */
  readonly passwordFile?: string | undefined;
  readonly caFile?: string | undefined;
}

export interface Will {
  readonly topic: string;
  readonly payload: string;
}

export interface Publish {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** One connection to the broker. It ends once and is then thrown away: nothing is replayed from inside MQTT.js. */
export interface Connection {
  /** Resolves when the broker has taken the message (flow control, not durability); rejects when the connection ends. */
  publish(message: Publish): Promise<void>;
  subscribe(filters: readonly string[]): Promise<void>;
  /** Resolves with the reason, in words, when the connection has ended. */
  readonly closed: Promise<string>;
  end(): Promise<void>;
}

export type Receive = (topic: string, payload: Uint8Array) => void;
export type Connect = (
  settings: BrokerSettings,
  will: Will,
  receive: Receive,
  /** Cuts the connection at once, also while it is being established. */
  signal: AbortSignal,
) => Promise<Connection>;

const connectTimeoutMs = 10_000;
const keepaliveSeconds = 15;
/** A broker that takes messages without ever answering is as good as gone. */
const answerTimeoutMs = 20_000;
const endTimeoutMs = 500;

/** Opens one MQTT 3.1.1 connection with a clean session and a retained will. Rejects if it cannot be established. */
export const connectMqtt: Connect = async (settings, will, receive, signal) => {
  const client = mqttConnect(settings.url, await clientOptions(settings, will));
  const cut = (): void => void client.end(true);
  signal.addEventListener('abort', cut);
  if (signal.aborted) cut();
  const closed = new Promise<string>((resolve) => {
    let reason = 'the broker closed the connection';
    client.on('error', (error) => {
      reason = error.message || codeOf(error);
      client.end(true);
    });
    client.on('close', () => {
      // Fails what still awaits an answer; the spool holds all of it.
      client.end(true);
      signal.removeEventListener('abort', cut);
      resolve(reason);
    });
  });
  client.on('message', (topic, payload) => receive(topic, payload));
  await connected(client, closed, settings.url);
  return {
    closed,
    publish: async ({ topic, payload, retain }) => {
      await answered(
        client,
        client.publishAsync(topic, payload, { qos: 1, retain }),
        `publish to ${topic}`,
      );
    },
    subscribe: async (filters) => {
      const grants = await answered(
        client,
        client.subscribeAsync([...filters], { qos: 1 }),
        'subscribe',
      );
      const refused = grants.filter(({ qos }) => qos > 2).map(({ topic }) => topic);
      if (refused.length > 0)
        throw new Error(`the broker refuses ${refused.join(', ')}: allow this device to read them`);
    },
    end: () => endCleanly(client, closed),
  };
};

async function clientOptions(settings: BrokerSettings, will: Will): Promise<IClientOptions> {
  const { clientId, username, passwordFile, caFile } = settings;
  return {
    clientId,
    clean: true,
    protocolVersion: 4,
    keepalive: keepaliveSeconds,
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // It would keep a Buffer object for every number up to 65,535, 6 MB, in each process that sends.
    writeCache: false,
    will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true },
    ...(username !== undefined && { username }),
    ...(passwordFile !== undefined && {
      password: (await fileOf('passwordFile', passwordFile)).toString('utf8').trimEnd(),
    }),
    ...(caFile !== undefined && { ca: await fileOf('caFile', caFile) }),
  };
}

/** It is looked for at each connection, so that a file put there later needs no restart. */
async function fileOf(setting: 'passwordFile' | 'caFile', path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    const hint = `put it there, or correct mqtt.${setting}`;
    throw new Error(`mqtt.${setting} ${path} cannot be read (${codeOf(error)}): ${hint}`, {
      cause: error,
    });
  });
}

async function connected(client: MqttClient, closed: Promise<string>, url: string): Promise<void> {
  const up = new Promise<undefined>((resolve) => client.once('connect', () => resolve(undefined)));
  const failed = await Promise.race([up, closed]);
  if (failed !== undefined)
    throw new Error(
      `no connection to ${url}: ${failed}. Is the broker running, and is mqtt.url right?`,
    );
}

/** The result of an exchange with the broker, or the end of the connection if there is none in time. */
async function answered<T>(client: MqttClient, exchange: Promise<T>, what: string): Promise<T> {
  const timer = setTimeout(() => {
    client.emit('error', new Error(`no answer to ${what} within ${answerTimeoutMs / 1000} s`));
  }, answerTimeoutMs);
  return exchange.finally(() => clearTimeout(timer));
}

async function endCleanly(client: MqttClient, closed: Promise<string>): Promise<void> {
  const timer = setTimeout(() => client.end(true), endTimeoutMs);
  client.end(false);
  await closed.finally(() => clearTimeout(timer));
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}
