import type { Duplex } from 'node:stream';
import { connect, type IClientOptions, MqttClient } from 'mqtt';
import {
  deviceTopic,
  type DeviceTopic,
  gatewayFilter,
  gatewayTopic,
  type GatewayState,
  parseDeviceTopic,
  sharedSiteFilter,
  siteFilter,
} from '#device/contract';
import type { AddressedAck } from '../ingest/acknowledgements.ts';
import { connectionOptions } from './connection.ts';

export interface GatewayClientParts {
  /** An address, or how to open a stream to a broker in this process. */
  readonly broker: { readonly url: string } | { readonly open: () => Duplex };
  readonly login: Pick<IClientOptions, 'username' | 'password' | 'ca'>;
  readonly sites: readonly string[];
  /** The group with which this gateway shares the storing; undefined where it stores everything. */
  readonly group?: string | undefined;
  readonly id: string;
  readonly boot: string;
  /** Whether this gateway shows the sites and derives. */
  readonly holds: boolean;
  readonly wallMs: () => number;
  readonly message: (topic: DeviceTopic, bytes: Uint8Array) => void;
  /** A message below `_alarms` of one of our sites. */
  readonly alarm: (topic: string, bytes: Uint8Array) => void;
  /** What a gateway of one of our sites says of itself at this moment; we do, too. */
  readonly gateway: (topic: string, bytes: Uint8Array) => void;
  /** The broker does not let us hear other gateways. */
  readonly deaf: (why: string) => void;
  /** A topic below our sites that is no device topic of the contract. */
  readonly stray: (topic: string) => void;
  readonly connection: (connected: boolean, why?: string) => void;
}

const told = ['state', 'meta'] as const;
const stored = ['live', 'history'] as const;
/** Acknowledgements waiting for the broker. Beyond it they are dropped: a device that hears none asks again. */
const pendingAckLimit = 1000;

/**
 * The gateway as a client of whatever broker there is: the same path for the embedded one and any other. MQTT
 * sessions and stores are not relied on; the application acknowledgement is what counts.
 */
export class GatewayClient {
  readonly #parts: GatewayClientParts;
  readonly #client: MqttClient;
  #pendingAcks = 0;
  droppedAcks = 0;

  constructor(parts: GatewayClientParts) {
    this.#parts = parts;
    const { id, boot, login, broker } = parts;
    const options: IClientOptions = {
      ...login,
      ...connectionOptions,
      clientId: `kadoru-gateway-${id}-${boot}`,
      // MQTT 3.1.1 has one will per connection: with several sites it is the first that hears of a crash at once.
      ...this.#will(),
    };
    this.#client =
      'url' in broker ? connect(broker.url, options) : new MqttClient(broker.open, options);
    this.#client.on('connect', () => this.#connected());
    this.#client.on('close', () => parts.connection(false));
    this.#client.on('error', (error) => parts.connection(false, error.message));
    this.#client.on('message', (topic, bytes, { retain }) => {
      const parsed = parseDeviceTopic(topic);
      const whose = topic.split('/')[3];
      if (parsed !== undefined) parts.message(parsed, bytes);
      else if (whose === '_alarms') parts.alarm(topic, bytes);
      else if (whose === '_gateway') {
        if (!retain) parts.gateway(topic, bytes);
      } else parts.stray(topic);
    });
  }

  /** Sends an acknowledgement; losing one costs a resend and nothing else. */
  acknowledge({ site, device, ack }: AddressedAck): void {
    if (!this.#client.connected || this.#pendingAcks >= pendingAckLimit) {
      this.droppedAcks += 1;
      return;
    }
    this.#pendingAcks += 1;
    this.#client.publish(
      deviceTopic(site, device, 'ack'),
      JSON.stringify(ack),
      { qos: 1 },
      (error) => {
        this.#pendingAcks -= 1;
        if (error) this.droppedAcks += 1;
      },
    );
  }

  /** Resolves once the broker has it; rejects without a connection. */
  async publish(topic: string, payload: string, retain: true): Promise<void> {
    if (!this.#client.connected) throw new Error('no connection to the broker');
    await this.#client.publishAsync(topic, payload, { qos: 1, retain });
  }

  async subscribe(filters: readonly string[]): Promise<void> {
    // Without a site there is nothing to ask for, and a broker refuses an empty list.
    if (filters.length === 0) return;
    const grants = await this.#client.subscribeAsync([...filters], { qos: 1 });
    const refused = grants.filter(({ qos }) => qos > 2).map(({ topic }) => topic);
    if (refused.length > 0) throw new Error(`the broker refused ${refused.join(' ')}`);
  }

  /** Says goodbye and disconnects. */
  async close(): Promise<void> {
    if (this.#client.connected) {
      const { sites, id } = this.#parts;
      const bye = sites.map((site) =>
        this.#client.publishAsync(gatewayTopic(site, id), this.#state('offline'), {
          qos: 1,
          retain: true,
        }),
      );
      await Promise.race([
        Promise.allSettled(bye),
        new Promise((resolve) => setTimeout(resolve, 1000)),
      ]);
    }
    await this.#client.endAsync(true);
  }

  #will(): Pick<IClientOptions, 'will'> {
    const { sites, id } = this.#parts;
    const [site] = sites;
    if (site === undefined) return {};
    const payload = this.#state('lost');
    return { will: { topic: gatewayTopic(site, id), payload, qos: 1, retain: true } };
  }

  #connected(): void {
    const { sites, group, connection } = this.#parts;
    // With no site configured whoever is there is heard: that is how a first hour finds a device.
    const filters =
      sites.length === 0
        ? [...told, 'live' as const].map((kind) => siteFilter('+', kind))
        : sites.flatMap((site) => [
            ...told.map((kind) => siteFilter(site, kind)),
            ...stored.map((kind) =>
              group === undefined ? siteFilter(site, kind) : sharedSiteFilter(group, site, kind),
            ),
          ]);
    this.#client.subscribe(filters, { qos: 1 }, (error, grants) => {
      const refused = grants?.filter(({ qos }) => qos > 2).map(({ topic }) => topic) ?? [];
      if (error || refused.length > 0) {
        connection(
          false,
          `the broker refused the subscriptions ${refused.join(' ')} ${error?.message ?? ''}`,
        );
        return;
      }
      this.#hearOthers();
      // Only now: the birth makes devices resend at once, and we must be listening.
      this.announce();
      connection(true);
    });
  }

  /** Says that this gateway is there. */
  announce(): void {
    const { sites, id } = this.#parts;
    for (const site of sites)
      this.#client.publish(gatewayTopic(site, id), this.#state('online'), {
        qos: 1,
        retain: true,
      });
  }

  #hearOthers(): void {
    const { sites, deaf } = this.#parts;
    if (sites.length === 0) return;
    this.#client.subscribe(sites.map(gatewayFilter), { qos: 1 }, (error, grants) => {
      const refused = grants?.filter(({ qos }) => qos > 2).map(({ topic }) => topic) ?? [];
      if (error || refused.length > 0) deaf(`${refused.join(' ')} ${error?.message ?? ''}`.trim());
    });
  }

  #state(state: GatewayState['state']): string {
    return JSON.stringify({
      state,
      boot: this.#parts.boot,
      at: this.#parts.wallMs(),
      holds: this.#parts.holds,
    } satisfies GatewayState);
  }
}
