import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';
import type { CDPSession, Page } from 'playwright-core';
import {
  frame,
  type GatewayProcess,
  startGatewayProcess,
  WireDevice,
} from '../system/gateway-process.ts';
import { livePicture } from './live-picture.ts';

const names = Array.from({ length: 10 }, (_, index) => `pack-${index + 1}`);
const sites = [
  {
    id: 'keihin',
    packs: names.map((id, index) => ({
      id,
      name: `京浜島カードル${index + 1}号`,
      device: 'pi-1',
      cylinders: 30,
      cylinderLitres: 50,
    })),
  },
];

const picture = z.looseObject({
  at: z.number(),
  packs: z.array(
    z.looseObject({ id: z.string(), pressureMpa: z.number(), measuredAt: z.number() }),
  ),
});

/** What a page holds after its garbage was collected. */
export interface Held {
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

/**
 * A gateway with ten packs, and its event stream told faster than time passes: what the gateway sent once, again and again
 * with a second added and the pressures moved. Everything else is the gateway's own answer.
 */
export class TenPacks {
  readonly gateway: GatewayProcess;
  readonly #server: Server;
  readonly #first: z.infer<typeof picture>;
  readonly #open = new Set<ServerResponse>();
  /** While nobody tells anything faster it goes on once a second, as a gateway does. */
  readonly #beat = setInterval(() => this.#next(), 1000);
  #sent = 0;

  private constructor(gateway: GatewayProcess, first: z.infer<typeof picture>) {
    this.gateway = gateway;
    this.#first = first;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<TenPacks> {
    const gateway = await startGatewayProcess({ more: { sites } });
    const device = await WireDevice.connect(gateway.mqttUrl);
    const readings = names.flatMap((id, index) => [
      [`${id}/pressure`, { value: 3 + index * 1.5 }] as const,
      [`${id}/temperature`, { value: 20 }] as const,
    ]);
    await device.send('live', frame(1, Date.now(), Object.fromEntries(readings)));
    const first = picture.parse(JSON.parse(await livePicture(gateway)));
    await device.close();
    const plant = new TenPacks(gateway, first);
    plant.#server.listen(0, '127.0.0.1');
    await once(plant.#server, 'listening');
    return plant;
  }

  get home(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}/`;
  }

  /** So many updates, a second apart in the plant's time, as fast as the page draws them. */
  async tell(page: Page, updates: number): Promise<void> {
    for (let told = 0; told < updates; told += 1) {
      this.#next();
      // A page that falls behind would get several at once and draw the last.
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => drawn()))');
    }
  }

  async end(): Promise<void> {
    clearInterval(this.#beat);
    for (const response of this.#open) response.end();
    this.#server.close();
    await this.gateway.program.end('SIGKILL');
  }

  #next(): void {
    this.#sent += 1;
    for (const response of this.#open) response.write(this.#event());
  }

  #event(): string {
    const laterMs = this.#sent * 1000;
    const packs = this.#first.packs.map((pack, index) => ({
      ...pack,
      measuredAt: pack.measuredAt + laterMs,
      pressureMpa: pack.pressureMpa + Math.sin(this.#sent / 20 + index) / 10,
    }));
    const told = { ...this.#first, at: this.#first.at + laterMs, packs };
    return `event: plant\ndata: ${JSON.stringify(told)}\n\n`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/api/v1/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(this.#event());
      this.#open.add(response);
      response.once('close', () => this.#open.delete(response));
      return;
    }
    const answer = await this.gateway.get(request.url ?? '/');
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }
}

/** What is held once nothing more can be collected. */
export async function heldBy(session: CDPSession): Promise<Held> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return { heapBytes: usedSize, nodes, listeners: jsEventListeners };
}
