import { idPattern, manualDeviceId } from './ids.ts';

const root = 'kadoru/v1';

/** What a device publishes, and the one topic it listens on. */
export type DeviceTopicKind = 'state' | 'meta' | 'live' | 'history' | 'ack';
const kinds: ReadonlySet<string> = new Set(['state', 'meta', 'live', 'history', 'ack']);

export function deviceTopic(site: string, device: string, kind: DeviceTopicKind): string {
  return `${root}/${site}/${device}/${kind}`;
}

/** MQTT filter for one kind of message of every device of a site. */
export function siteFilter(site: string, kind: DeviceTopicKind): string {
  return deviceTopic(site, '+', kind);
}

/**
 * The same among gateways that share the work: the broker gives each message to one of the group. (MQTT 5, 4.8.2; brokers
 * serve it to clients of 3.1.1 as well.)
 */
export function sharedSiteFilter(group: string, site: string, kind: DeviceTopicKind): string {
  return `$share/${group}/${siteFilter(site, kind)}`;
}

export function gatewayTopic(site: string, gateway: string): string {
  return `${root}/${site}/_gateway/${gateway}`;
}

/** MQTT filter for the births of every gateway of a site. */
export function gatewayFilter(site: string): string {
  return gatewayTopic(site, '+');
}

export interface DeviceTopic {
  readonly site: string;
  readonly device: string;
  readonly kind: DeviceTopicKind;
}

/** Reads a device topic; undefined for anything else, ids outside the pattern and the reserved device included. */
export function parseDeviceTopic(topic: string): DeviceTopic | undefined {
  const [product, version, site, device, kind, ...rest] = topic.split('/');
  if (`${product}/${version}` !== root || rest.length > 0) return undefined;
  if (site === undefined || device === undefined || kind === undefined) return undefined;
  if (!idPattern.test(site) || !idPattern.test(device) || device === manualDeviceId)
    return undefined;
  return isKind(kind) ? { site, device, kind } : undefined;
}

function isKind(kind: string): kind is DeviceTopicKind {
  return kinds.has(kind);
}
