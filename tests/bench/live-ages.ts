import type { LivePlant } from '#gateway/contract';
import type { GatewayProcess } from '../system/gateway-process.ts';

/** How old every new figure of a pack is when it arrives as a server-sent event. Both clocks are this machine's. */
export class LiveAges {
  readonly #abort = new AbortController();
  #ms: number[] = [];
  #measuredAt = 0;
  #reading: Promise<void> = Promise.resolve();

  static async listen(gateway: GatewayProcess): Promise<LiveAges> {
    const ages = new LiveAges();
    const answer = await fetch(`http://127.0.0.1:${gateway.httpPort}/api/v1/live`, {
      signal: ages.#abort.signal,
    });
    if (answer.body === null) throw new Error('a feed without a body');
    ages.#reading = ages.#read(answer.body.pipeThrough(new TextDecoderStream()));
    return ages;
  }

  get ms(): readonly number[] {
    return this.#ms;
  }

  get count(): number {
    return this.#ms.length;
  }

  clear(): void {
    this.#ms = [];
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#reading;
  }

  async #read(text: ReadableStream<string>): Promise<void> {
    let rest = '';
    try {
      for await (const chunk of text) {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines)
          if (line.startsWith('data: {')) this.#take(JSON.parse(line.slice(6)));
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error;
    }
  }

  #take({ packs }: LivePlant): void {
    const measuredAt = packs[0]?.measuredAt ?? 0;
    if (measuredAt <= this.#measuredAt) return;
    this.#measuredAt = measuredAt;
    this.#ms.push(Date.now() - measuredAt);
  }
}
