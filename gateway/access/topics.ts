import {
  deviceTopic,
  gatewayFilter,
  gatewayTopic,
  idPattern,
  parseDeviceTopic,
} from '#device/contract';

/** Who an MQTT client is. `anyone` exists only while the broker is open. */
export type MqttIdentity =
  | { readonly kind: 'gateway' }
  | { readonly kind: 'device'; readonly site: string; readonly device: string }
  | { readonly kind: 'anyone' };

/**
 * A device publishes its own state, meta, live and history. Only the gateway says what is stored (`ack`), that it
 * is there (`_gateway`) and what is wrong (`_alarms`): a forged acknowledgement would make a device free readings.
 */
export function mayPublish(identity: MqttIdentity, topic: string): boolean {
  if (identity.kind === 'gateway') return true;
  if (identity.kind === 'anyone') return !isGatewaysToSay(topic);
  const parsed = parseDeviceTopic(topic);
  if (parsed === undefined || parsed.kind === 'ack') return false;
  return parsed.site === identity.site && parsed.device === identity.device;
}

/** A device reads its own acknowledgements and the births of its site's gateways; nothing of other devices. */
export function maySubscribe(identity: MqttIdentity, filter: string): boolean {
  if (identity.kind !== 'device') return true;
  const { site, device } = identity;
  if (filter === deviceTopic(site, device, 'ack') || filter === gatewayFilter(site)) return true;
  const id = filter.slice(filter.lastIndexOf('/') + 1);
  return idPattern.test(id) && filter === gatewayTopic(site, id);
}

/** Also what only looks like one of these topics (ids outside the pattern, extra levels): refused to be safe. */
function isGatewaysToSay(topic: string): boolean {
  if (topic.startsWith('$')) return true;
  const [product, version, , device = '', kind] = topic.split('/');
  if (product !== 'kadoru' || version !== 'v1') return false;
  return kind === 'ack' || device.startsWith('_');
}
