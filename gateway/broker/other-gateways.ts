import { gatewayStateSchema } from '#device/contract';
import type { Notice } from '#gateway/contract';

/** Which gateway this is, and whether it holds its sites: shows them and derives (design.md, last section). */
export interface OwnGateway {
  readonly id: string;
  readonly boot: string;
  readonly holds: boolean;
}

/** Others that are remembered; beyond it the one found first is forgotten. */
const mostRemembered = 16;

/**
 * Finds out, from what gateways say of themselves on the broker, that another one that runs has our id or holds our
 * sites as well. Nobody takes anything over: a person is told. What is retained proves nothing, as a gateway that was
 * killed may have left it; so whoever hears a birth that concerns it says its own once more, and both have heard.
 */
export class OtherGateways {
  readonly #own: OwnGateway;
  readonly #found = new Map<string, Notice>();

  constructor(own: OwnGateway) {
    this.#own = own;
  }

  /** Takes a message that was sent just now, not a retained one. Never throws on content. */
  heard(topic: string, bytes: Uint8Array): { readonly begins?: Notice; readonly ends?: Notice } {
    const [, , site = '', , id = ''] = topic.split('/');
    const said = stateIn(bytes);
    if (said === undefined || said.boot === this.#own.boot) return {};
    const known = this.#found.get(said.boot);
    if (said.state !== 'online') {
      this.#found.delete(said.boot);
      return known === undefined ? {} : { ends: known };
    }
    const begins = this.#noticeOf(site, id, said.holds === true);
    if (known !== undefined || begins === undefined) return {};
    this.#found.set(said.boot, begins);
    for (const boot of this.#found.keys()) {
      if (this.#found.size <= mostRemembered) break;
      this.#found.delete(boot);
    }
    return { begins };
  }

  problems(): readonly Notice[] {
    return [...this.#found.values()];
  }

  #noticeOf(site: string, id: string, holds: boolean): Notice | undefined {
    if (id === this.#own.id)
      return {
        kind: 'gateway-twice',
        subject: id,
        detail:
          `Another gateway on this broker has the id ${id} as well, for ${site}: in an InfluxDB the two overwrite each ` +
          'other’s marks. Give each an id of its own (id in its configuration) and restart it',
      };
    if (!holds || !this.#own.holds) return undefined;
    return {
      kind: 'site-held-twice',
      subject: id,
      detail:
        `The gateway ${id} holds ${site} as well: alarms come twice, and what people state at one the other does not ` +
        'know. Stop one of them, or let both share (mqtt.shared) and set primary: false at one',
    };
  }
}

function stateIn(bytes: Uint8Array) {
  try {
    return gatewayStateSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    // Not JSON: nobody's birth.
    return undefined;
  }
}
