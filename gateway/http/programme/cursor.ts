import { badField, HttpProblem } from '../problem.ts';

/** Of half hours, and of readings: what changed of the one says nothing of the other. */
export type CursorKind = 'p1' | 'r1';

/** Up to where somebody has pulled: the store's change number, and the gateway's time then. */
export interface Cursor {
  readonly kind: CursorKind;
  readonly store: string;
  readonly number: number;
  readonly wallMs: number;
}

/** What a cursor is held to: those of this store, and of what is pulled. */
export type OwnCursors = Pick<Cursor, 'kind' | 'store'> & { readonly settled: number };

/** Where a pull ends that begins now. Taken before its first row is read: what changes meanwhile comes again with the next. */
export function cursorNow({ kind, store, settled }: OwnCursors, wallMs: number): Cursor {
  return { kind, store, number: settled, wallMs };
}

export function cursorText({ kind, store, number, wallMs }: Cursor): string {
  return `${kind}.${store}.${number}.${wallMs}`;
}

/** Throws `HttpProblem`: 400 for what is no cursor, 409 for one of another store. */
export function readCursor(field: string, text: string, own: OwnCursors): Cursor {
  const [, kind = '', store = '', number = '', wallMs = ''] =
    /^([pr]1)\.([0-9a-f]{12})\.(\d{1,16})\.(\d{1,16})$/.exec(text) ?? [];
  if (kind !== own.kind) throw badField(field, text, 'is no `cursor` of a pull');
  const cursor = { kind: own.kind, store, number: Number(number), wallMs: Number(wallMs) };
  const detail =
    store !== own.store
      ? `is a cursor of store ${store}, and this is store ${own.store}: pull once without it`
      : `lies ahead of this store: pull once without it`;
  if (store === own.store && cursor.number <= own.settled) return cursor;
  throw new HttpProblem(409, `${field}: ${detail}`, [{ field, value: text, detail }]);
}

/** Where a page of a pull begins, and the cursor that the whole pull ends in. */
export interface Page {
  readonly cursor: Cursor;
  readonly meter: string;
  readonly start: number;
}

export function pageText({ cursor, meter, start }: Page): string {
  return [cursorText(cursor), start, meter].join('~');
}

/** Throws `HttpProblem`. */
export function readPage(text: string, own: OwnCursors): Page {
  const [cursor = '', start = '', meter = ''] = text.split('~');
  if (!/^\d{1,15}$/.test(start) || meter === '')
    throw badField('page', text, 'is no `next` of a page before');
  return { cursor: readCursor('page', cursor, own), start: Number(start), meter };
}
