import type { QuarantineEntry, QuarantineReason, QuarantineTotals } from '../port.ts';

/** An entry as the table holds it. */
export interface QuarantineRow {
  readonly id: string;
  readonly site: string;
  readonly device: string;
  readonly receivedAt: number;
  /** JSON of topic and reasons: what somebody else wrote, with any characters in it. */
  readonly description: string;
  readonly bytes: Uint8Array;
}

type Description = Pick<QuarantineEntry, 'topic' | 'reasons'>;

export function packEntry(entry: QuarantineEntry): QuarantineRow {
  const { id, site, device, receivedAt, topic, reasons } = entry;
  const description: Description = { topic, reasons };
  // A copy: a Buffer is often a small window on a large shared block, and all of that would cross between threads.
  const bytes = new Uint8Array(entry.bytes);
  return { id, site, device, receivedAt, description: JSON.stringify(description), bytes };
}

export function unpackEntry(row: QuarantineRow): QuarantineEntry {
  const { id, site, device, receivedAt, bytes } = row;
  const { topic, reasons }: Description = JSON.parse(row.description);
  return { id, site, device, topic, receivedAt, reasons, bytes };
}

/** What is needed of an entry to count it. */
export type SizeRow = Pick<QuarantineRow, 'site' | 'device' | 'description'> & {
  readonly byteCount: number;
};

interface Tally extends QuarantineTotals {
  entries: number;
  bytes: number;
  readonly byReason: Record<string, number>;
}

/** Entries and bytes per device, and how many entries name each reason. Rows come in order of site and device. */
export function quarantineTotals(rows: Iterable<SizeRow>): readonly QuarantineTotals[] {
  const totals: Tally[] = [];
  for (const { site, device, byteCount, description } of rows) {
    let current = totals.at(-1);
    if (current?.site !== site || current.device !== device) {
      current = { site, device, entries: 0, bytes: 0, byReason: {} };
      totals.push(current);
    }
    current.entries += 1;
    current.bytes += byteCount;
    const { reasons }: Description = JSON.parse(description);
    for (const code of codesOf(reasons)) current.byReason[code] = (current.byReason[code] ?? 0) + 1;
  }
  return totals;
}

function codesOf(reasons: readonly QuarantineReason[]): ReadonlySet<string> {
  return new Set(reasons.map((reason) => reason.code));
}
