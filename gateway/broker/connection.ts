import type { IClientOptions } from 'mqtt';

/**
 * Of every connection of a gateway. Sessions and stores of MQTT are not relied on: nothing is queued, and who comes back
 * subscribes anew.
 */
export const connectionOptions = {
  clean: true,
  reconnectPeriod: 1000,
  connectTimeout: 10_000,
  keepalive: 15,
  resubscribe: false,
  queueQoSZero: false,
} as const satisfies IClientOptions;
