import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { GatewayProcess } from '../system/gateway-process.ts';
import { openOnLoopback } from './loopback.ts';

/** Which part of a plant a page is shown. */
export interface View {
  readonly packs: readonly string[];
  /** Generators, meters and the site's energy. */
  readonly energy: boolean;
}

const placed = z.looseObject({ id: z.string() });
const plantSchema = z.looseObject({
  packs: z.array(placed),
  generators: z.array(placed),
  alarms: z.array(z.looseObject({ subject: z.string() })),
  problems: z.array(z.unknown()),
});

/**
 * Between a page and a gateway: all is the gateway's own, but packs and generators that are not looked at are left out. So
 * one gateway stands for many.
 */
export class Lens {
  view: View = { packs: [], energy: false };
  /** Answers as a gateway whose session ended. */
  signedOut = false;
  readonly #gateway: GatewayProcess;
  readonly #server: Server;
  #home = '';
  readonly #open = new Set<AbortController>();

  private constructor(gateway: GatewayProcess) {
    this.#gateway = gateway;
    this.#server = createServer(
      (request, response) => void this.#answer(request, response).catch(() => response.destroy()),
    );
  }

  static async start(gateway: GatewayProcess): Promise<Lens> {
    const lens = new Lens(gateway);
    lens.#home = await openOnLoopback(lens.#server);
    return lens;
  }

  get home(): string {
    return this.#home;
  }

  /** Breaks every line to a page, and takes no new one: the gateway is gone, as far as pages can tell. */
  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const each of this.#open) each.abort();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.signedOut && request.url?.startsWith('/api/') === true) {
      response.writeHead(401).end();
      return;
    }
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${this.#gateway.httpPort}`);
    const ended = new AbortController();
    this.#open.add(ended);
    response.once('close', () => {
      this.#open.delete(ended);
      ended.abort();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const answer = await fetch(url, {
      method: request.method ?? 'GET',
      headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      signal: ended.signal,
      ...(body.length > 0 && { body }),
    });
    const type = answer.headers.get('content-type') ?? 'text/plain';
    response.writeHead(answer.status, { 'content-type': type });
    if (type.startsWith('text/event-stream')) return this.#pass(answer, response);
    const text = Buffer.from(await answer.arrayBuffer());
    const hidden = !this.view.energy && /\/(meters|site-energy)$/.test(url.pathname);
    response.end(hidden ? JSON.stringify({ items: [] }) : text);
  }

  async #pass(answer: Response, response: ServerResponse): Promise<void> {
    let rest = '';
    for await (const chunk of answer.body ?? []) {
      const events = (rest + Buffer.from(chunk).toString()).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) response.write(`${this.#seen(event)}\n\n`);
    }
    response.end();
  }

  #seen(event: string): string {
    return event.replace(/^data: (.*)$/m, (_, data: string) => {
      const plant = plantSchema.parse(JSON.parse(data));
      const { packs: shown, energy } = this.view;
      const packs = plant.packs.filter(({ id }) => shown.includes(id));
      const generators = energy ? plant.generators : [];
      const subjects = [...packs, ...generators].map(({ id }) => id);
      const alarms = plant.alarms.filter(({ subject }) => subjects.includes(subject));
      return `data: ${JSON.stringify({ ...plant, packs, generators, alarms })}`;
    });
  }
}
