import { connect, type MqttClient } from 'mqtt';
import { type DeviceTopic, parseDeviceTopic, siteFilter } from '#device/contract';
import type { GatewayClientParts } from './client.ts';
import { connectionOptions } from './connection.ts';

export interface LiveListenerParts extends Pick<
  GatewayClientParts,
  'login' | 'sites' | 'id' | 'boot' | 'message'
> {
  readonly url: string;
  /** Why the broker does not let us listen. */
  readonly refused: (why: string) => void;
}

/**
 * Hears every `live` message of the sites, whichever gateway of the group stores it. A connection of its own: over one,
 * nothing but MQTT 5 tells the copy for the group from the copy for everybody, and each would be stored by all.
 */
export class LiveListener {
  readonly #client: MqttClient;

  constructor({ url, login, sites, id, boot, message, refused }: LiveListenerParts) {
    this.#client = connect(url, {
      ...login,
      ...connectionOptions,
      clientId: `kadoru-view-${id}-${boot}`,
    });
    this.#client.on('connect', () => {
      const filters = sites.map((site) => siteFilter(site, 'live'));
      // What is shown may be lost: the next message shows more.
      this.#client.subscribe(filters, { qos: 0 }, (error, grants) => {
        const without = grants?.filter(({ qos }) => qos > 2).map(({ topic }) => topic) ?? [];
        if (error || without.length > 0) refused(`${without.join(' ')} ${error?.message ?? ''}`);
      });
    });
    // The gateway's other connection tells of a broker that is away.
    this.#client.on('error', () => undefined);
    this.#client.on('message', (topic, bytes) => {
      const parsed: DeviceTopic | undefined = parseDeviceTopic(topic);
      if (parsed !== undefined) message(parsed, bytes);
    });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
