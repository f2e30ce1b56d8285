import {
  type Access,
  createAccess,
  httpAccessMode,
  readOperatorSecret,
  tokenVariable,
} from './access/index.ts';
import type { GatewayConfig } from './config/schema.ts';
import { defaultLimits } from './http/parts.ts';
import { type HttpServer, listen } from './http/server.ts';
import { createWaitingApp } from './http/waiting.ts';
import type { AtEnd, GatewayParts } from './parts.ts';
import type { FixedFacts } from './standing.ts';
import { StoreWait } from './waiting.ts';

/** What answers HTTP from the first moment, before there is a store. */
export interface Front {
  readonly server: HttpServer;
  readonly access: Access;
  readonly fixed: FixedFacts;
  readonly wait: StoreWait;
}

/** Listens, and says what is waited for until `server.serve` is given the application. Rejects with ListenError. */
export async function openFront(
  { http, mqtt, store }: GatewayConfig,
  { log, clock, environment, software }: GatewayParts,
  atEnd: AtEnd,
): Promise<Front> {
  const mode = httpAccessMode(http, environment[tokenVariable] !== undefined);
  const secret = await readOperatorSecret(http, environment);
  const { host, port, publicHosts, tls } = http;
  const access = createAccess({ mode, secret, host, publicHosts, clock });
  if (mode === 'open-loopback')
    log.info({ host }, 'HTTP asks nobody for a token: only this machine reaches it');
  if (http.insecure)
    log.warn(
      { host },
      'http.insecure: served beyond this machine without all of TLS and token, by choice',
    );
  const fixed: FixedFacts = {
    software,
    startedAt: clock.wallMs(),
    access: mode,
    broker: brokerFacts(mqtt),
  };
  const wait = new StoreWait(fixed, store.kind, clock.wallMs);
  const app = createWaitingApp({
    access,
    limits: defaultLimits,
    log,
    tls: tls !== undefined,
    health: () => wait.health(),
  });
  const server = await listen({ app, host, port, tls });
  atEnd(() => server.close());
  return { server, access, fixed, wait };
}

function brokerFacts(mqtt: GatewayConfig['mqtt']): FixedFacts['broker'] {
  const { shared } = mqtt;
  const kind = 'embedded' in mqtt ? 'embedded' : 'external';
  return { kind, ...(shared === undefined ? {} : { shared }) };
}
