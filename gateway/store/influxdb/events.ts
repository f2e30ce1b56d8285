import { notFinite } from '../finite.ts';
import type { Span, StoredEvent } from '../port.ts';
import { numberAt, rowsOf, textAt } from './cells.ts';
import type { InfluxClient } from './client.ts';
import type { Document, DocumentLog, Tags } from './documents.ts';
import { grouped } from './grouped.ts';
import { anyOf, name, tagsAre, where } from './ql.ts';
import { decodeTag, encodeTag } from './text.ts';

export const eventMeasurement = 'kadoru_event';

/** Throws StoreError for a number that is not finite. */
export function eventDocument(entry: StoredEvent): Document {
  const { seq, at, index, event } = entry;
  for (const [field, value] of [
    ['seq', seq],
    ['at', at],
    ['index', index],
  ] as const)
    if (!Number.isFinite(value))
      throw notFinite(`${field} of an event of ${streamOf(entry)}`, value);
  return {
    tags: tagsOf(entry),
    fields: [
      ['seq', { integer: seq }],
      ['at_ms', { integer: at }],
      ['index', { integer: index }],
    ],
    text: JSON.stringify(event),
  };
}

/**
 * Tells new events from known ones. Per stream the highest sequence number that ever had an event is remembered: a
 * frame beyond it needs no question, and frames mostly come in order.
 */
export class EventBook {
  readonly #client: InfluxClient;
  readonly #highest: Map<string, number>;
  readonly #writer: string;

  private constructor(client: InfluxClient, highest: Map<string, number>, writer: string) {
    this.#client = client;
    this.#highest = highest;
    this.#writer = writer;
  }

  /**
   * What other gateways stored counts as unknown, then and later: one may be storing it at this moment, and seen is not
   * yet durable. Of several the first is read.
   */
  static async open(client: InfluxClient, writer: string): Promise<EventBook> {
    // Of every writer: that somebody else writes here is found now, and not when an event is refused.
    const [found = []] = await client.query([
      `SELECT max("seq") FROM ${name(eventMeasurement)} GROUP BY "writer","site","device","stream"`,
    ]);
    const highest = new Map<string, number>();
    for (const { tags = {}, values = [] } of found)
      for (const row of values) {
        const seq = numberAt(row, 1);
        if (tags['writer'] !== writer) continue;
        const site = decodeTag(tags['site'] ?? '%');
        const device = decodeTag(tags['device'] ?? '%');
        const stream = decodeTag(tags['stream'] ?? '%');
        highest.set(streamOf({ site, device, stream }), seq);
      }
    return new EventBook(client, highest, writer);
  }

  /** The first of each identity that is not stored. */
  async fresh(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]> {
    const found: StoredEvent[] = [];
    for (const [stream, own] of grouped(events, streamOf)) {
      const highest = this.#highest.get(stream) ?? -1;
      const asked = own.filter(({ seq }) => seq <= highest);
      const known = asked.length === 0 ? new Set<string>() : await this.#stored(asked);
      for (const event of own) {
        const identity = `${event.seq} ${event.index}`;
        if (known.has(identity)) continue;
        known.add(identity);
        found.push(event);
      }
    }
    return found;
  }

  /** Before the events are written: an attempt that fails may have stored them all the same. */
  attempted(events: readonly StoredEvent[]): void {
    for (const event of events) {
      const stream = streamOf(event);
      this.#highest.set(stream, Math.max(event.seq, this.#highest.get(stream) ?? -1));
    }
  }

  async #stored(asked: readonly StoredEvent[]): Promise<Set<string>> {
    const [first] = asked;
    if (first === undefined) return new Set();
    const seqs = anyOf([...new Set(asked.map(({ seq }) => `"seq"=${seq}`))]);
    const [series = []] = await this.#client.query([
      `SELECT "seq","index" FROM ${name(eventMeasurement)}${where(tagsAre([['writer', this.#writer], ...tagsOf(first)]), seqs)}`,
    ]);
    return new Set(rowsOf(series).map((row) => `${numberAt(row, 1)} ${numberAt(row, 2)}`));
  }
}

/**
 * Oldest first, by the time of the frame and not of arrival. Of one that several gateways stored, because it was sent
 * to each of them, the first.
 */
export async function readEvents(
  log: DocumentLog,
  site: string,
  device: string,
  span: Span,
): Promise<readonly StoredEvent[]> {
  const found = new Map<string, StoredEvent>();
  const tags = tagsOf({ site, device });
  const inside = `"at_ms" >= ${Math.ceil(span.from)} AND "at_ms" < ${Math.ceil(span.to)}`;
  for await (const { cells, text } of log.read(tags, ['stream', 'seq', 'index', 'at_ms'], inside)) {
    const [stream, seq, index] = [
      decodeTag(textAt(cells, 1)),
      numberAt(cells, 2),
      numberAt(cells, 3),
    ];
    const identity = `${stream} ${seq} ${index}`;
    if (found.has(identity)) continue;
    const at = numberAt(cells, 4);
    found.set(identity, { site, device, stream, seq, at, index, event: JSON.parse(text) });
  }
  return [...found.values()].toSorted(byTime);
}

function byTime(a: StoredEvent, b: StoredEvent): number {
  const streams = a.stream === b.stream ? 0 : a.stream < b.stream ? -1 : 1;
  return a.at - b.at || streams || a.seq - b.seq || a.index - b.index;
}

function tagsOf({
  site,
  device,
  stream,
}: {
  readonly site: string;
  readonly device: string;
  readonly stream?: string;
}): Tags {
  return [
    ['site', encodeTag(site)],
    ['device', encodeTag(device)],
    ...(stream === undefined ? [] : [['stream', encodeTag(stream)] as const]),
  ];
}

function streamOf({
  site,
  device,
  stream,
}: Pick<StoredEvent, 'site' | 'device' | 'stream'>): string {
  return `${site}/${device}/${stream}`;
}
