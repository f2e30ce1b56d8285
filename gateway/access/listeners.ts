import type { EmbeddedMqttConfig, HttpConfig } from './config.ts';
import { isLoopback } from './hosts.ts';

/** How a listener decides: `health.access` shows HTTP's. */
export type AccessMode = 'open-loopback' | 'credentials' | 'open-by-choice';

/** A mistake in the configuration, with its dotted path and the way out. */
export interface ConfigMistake {
  readonly path: string;
  readonly detail: string;
}

/** What decides about a listener, whichever protocol it speaks. */
interface Listener {
  readonly host: string;
  readonly tls?: object | undefined;
  readonly insecure: boolean;
}

export interface Listeners {
  readonly http: HttpConfig;
  /** Whether the operator's token came through the environment. */
  readonly tokenInEnvironment: boolean;
  /** Undefined where an external broker decides who may connect. */
  readonly mqtt: EmbeddedMqttConfig | undefined;
}

export function httpAccessMode(http: HttpConfig, tokenInEnvironment: boolean): AccessMode {
  return accessMode(http, hasToken(http, tokenInEnvironment));
}

export function mqttAccessMode(mqtt: EmbeddedMqttConfig): AccessMode {
  return accessMode(mqtt, mqtt.devices.length > 0);
}

/**
 * Everything that forbids a start: beyond loopback credentials and TLS are needed, or `insecure: true` (design.md,
 * gateway configuration). Pure, so that `--check` says the same as a start.
 */
export function checkListeners(listeners: Listeners): ConfigMistake[] {
  const { http, mqtt, tokenInEnvironment } = listeners;
  const sources = [http.operatorTokenFile, http.operatorTokenHash].filter((s) => s !== undefined);
  const mistakes: ConfigMistake[] = [];
  if (sources.length + (tokenInEnvironment ? 1 : 0) > 1)
    mistakes.push({
      path: 'http.operatorTokenFile',
      detail: `the operator's token is given more than once: keep one of http.operatorTokenFile, http.operatorTokenHash and ${tokenVariable}`,
    });
  const token = `an operator token (http.operatorTokenFile, http.operatorTokenHash or ${tokenVariable})`;
  mistakes.push(...exposure('http', http, hasToken(http, tokenInEnvironment), token));
  if (mqtt === undefined) return mistakes;
  const passwords =
    'a password per device (mqtt.embedded.devices; make hashes with `kadoru-gateway password`)';
  mistakes.push(...exposure('mqtt.embedded', mqtt, mqtt.devices.length > 0, passwords));
  return [...mistakes, ...repeatedDevices(mqtt)];
}

/** Name of the environment variable that may hold the operator's token. */
export const tokenVariable = 'KADORU_OPERATOR_TOKEN';

function hasToken(http: HttpConfig, tokenInEnvironment: boolean): boolean {
  const { operatorTokenFile, operatorTokenHash } = http;
  return tokenInEnvironment || operatorTokenFile !== undefined || operatorTokenHash !== undefined;
}

function accessMode(listener: Listener, hasCredentials: boolean): AccessMode {
  if (hasCredentials) return 'credentials';
  return isLoopback(listener.host) ? 'open-loopback' : 'open-by-choice';
}

function exposure(
  path: string,
  listener: Listener,
  hasCredentials: boolean,
  credentials: string,
): ConfigMistake[] {
  if (isLoopback(listener.host) || listener.insecure) return [];
  const out = `, or listen on 127.0.0.1, or set ${path}.insecure: true to accept the risk`;
  const reach = `${listener.host} can be reached from other machines`;
  const mistakes: ConfigMistake[] = [];
  if (!hasCredentials)
    mistakes.push({ path: `${path}.host`, detail: `${reach}: configure ${credentials}${out}` });
  if (listener.tls === undefined)
    mistakes.push({
      path: `${path}.tls`,
      detail: `${reach}: configure certFile and keyFile${out}`,
    });
  return mistakes;
}

function repeatedDevices(mqtt: EmbeddedMqttConfig): ConfigMistake[] {
  const first = new Map<string, number>();
  return mqtt.devices.flatMap(({ site, device }, index) => {
    const earlier = first.get(`${site}/${device}`);
    if (earlier === undefined) {
      first.set(`${site}/${device}`, index);
      return [];
    }
    const path = `mqtt.embedded.devices.${index}`;
    return [{ path, detail: `${site}/${device} has a password already, at devices.${earlier}` }];
  });
}
