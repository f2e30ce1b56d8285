import type {
  QuarantineEntry,
  QuarantineFilter,
  QuarantineReason,
  QuarantineTotals,
} from '../port.ts';
import { notFinite } from '../finite.ts';
import { numberAt, textAt } from './cells.ts';
import type { Document, DocumentLog, Found, Tags } from './documents.ts';
import { digest } from './identity.ts';
import { anyOf, tagsAre, text } from './ql.ts';
import { decodeTag, decodeText, encodeTag, encodeText } from './text.ts';

export const quarantineMeasurement = 'kadoru_quarantine';

interface Entry extends Omit<Found, 'text' | 'cells'> {
  readonly id: string;
  readonly site: string;
  readonly device: string;
  readonly receivedAt: number;
  readonly byteCount: number;
  readonly codes: readonly string[];
  readonly length: number;
}

const fields = ['id', 'site', 'device', 'received_at_ms', 'bytes', 'codes'] as const;
const held = '"released"=false';

/** The head says what is needed to find and to count an entry; the text is JSON with the bytes in base64. */
export function entryDocument(entry: QuarantineEntry): Document {
  const { id, receivedAt, topic, reasons, bytes } = entry;
  if (!Number.isFinite(receivedAt))
    throw notFinite(`receivedAt of quarantine entry ${id}`, receivedAt);
  const codes = [...new Set(reasons.map(({ code }) => code))];
  return {
    tags: tagsOf(entry),
    fields: [
      ['id', { text: encodeText(id) }],
      ['identity', { text: digest(id) }],
      ['received_at_ms', { integer: receivedAt }],
      ['bytes', { integer: bytes.byteLength }],
      ['codes', { text: encodeText(JSON.stringify(codes)) }],
      ['released', { flag: false }],
    ],
    text: JSON.stringify({ topic, reasons, base64: Buffer.from(bytes).toString('base64') }),
  };
}

/**
 * Those that this gateway does not hold yet; of equal ids in one batch the first. Another one may be storing it at this
 * moment, and seen is not yet durable.
 */
export async function newEntries(
  log: DocumentLog,
  entries: readonly QuarantineEntry[],
): Promise<readonly QuarantineEntry[]> {
  if (entries.length === 0) return [];
  const same = anyOf(entries.map(({ id }) => `"identity"=${text(digest(id))}`));
  const own = tagsAre([['writer', log.writer]]);
  const known = new Set(
    (await readHeads(log, `${own} AND ${held} AND ${same}`)).map(({ id }) => id),
  );
  return entries.filter(({ id }) => !known.has(id) && known.add(id));
}

export async function totals(log: DocumentLog): Promise<readonly QuarantineTotals[]> {
  const sums = new Map<string, QuarantineTotals>();
  const nothing: Pick<QuarantineTotals, 'entries' | 'bytes' | 'byReason'> = {
    entries: 0,
    bytes: 0,
    byReason: {},
  };
  const all = once(await readHeads(log, held));
  for (const { site, device, byteCount, codes } of all.toSorted(byDevice)) {
    const key = `${site}/${device}`;
    const { entries, bytes, byReason } = sums.get(key) ?? nothing;
    const counted = codes.map((code) => [code, (byReason[code] ?? 0) + 1]);
    sums.set(key, {
      site,
      device,
      entries: entries + 1,
      bytes: bytes + byteCount,
      byReason: { ...byReason, ...Object.fromEntries(counted) },
    });
  }
  return [...sums.values()];
}

/** Oldest first. Heads are as many as the bounds of quarantine allow; the bytes come one entry at a time. */
export async function* readEntries(
  log: DocumentLog,
  filter: QuarantineFilter,
): AsyncGenerator<readonly QuarantineEntry[], void, undefined> {
  const identity = filter.id === undefined ? [] : [`"identity"=${text(digest(filter.id))}`];
  const condition = [held, tagsAre(tagsOf(filter)), ...identity].filter(Boolean).join(' AND ');
  for (const head of once(await readHeads(log, condition)).toSorted(byAge)) {
    const [found] = await log.texts(tagsOf(head), [head]);
    if (found !== undefined) yield [unpack(head, found.text)];
  }
}

/** Lines that let go of an entry wherever it is held. */
export async function releaseLines(log: DocumentLog, id: string): Promise<readonly string[]> {
  const found = await readHeads(log, `${held} AND "identity"=${text(digest(id))}`);
  return found.map((head) => log.amend(tagsOf(head), head, [['released', { flag: true }]]));
}

async function readHeads(log: DocumentLog, condition: string): Promise<readonly Entry[]> {
  const found = await log.heads(condition, fields);
  return found.map(({ cells, position, writer, length }) => {
    const codes: readonly string[] = JSON.parse(decodeText(textAt(cells, 6)));
    return {
      position,
      writer,
      length,
      id: decodeText(textAt(cells, 1)),
      site: decodeTag(textAt(cells, 2)),
      device: decodeTag(textAt(cells, 3)),
      receivedAt: numberAt(cells, 4),
      byteCount: numberAt(cells, 5),
      codes,
    };
  });
}

/** Two gateways that refuse the same message both keep it. */
function once(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

function unpack({ id, site, device, receivedAt }: Entry, json: string): QuarantineEntry {
  const said: { topic: string; reasons: readonly QuarantineReason[]; base64: string } =
    JSON.parse(json);
  const { topic, reasons, base64 } = said;
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  return { id, site, device, topic, receivedAt, reasons, bytes };
}

function tagsOf({ site, device }: Pick<QuarantineFilter, 'site' | 'device'>): Tags {
  const tags = { site, device };
  return Object.entries(tags).flatMap(([tag, value]) =>
    value === undefined ? [] : [[tag, encodeTag(value)] as const],
  );
}

function byAge(a: Entry, b: Entry): number {
  return a.receivedAt - b.receivedAt || order(a.id, b.id);
}

function byDevice(a: Entry, b: Entry): number {
  return order(a.site, b.site) || order(a.device, b.device);
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
