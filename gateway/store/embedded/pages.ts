import type { Page } from './protocol.ts';

/** Walks an answer page by page. The next page is asked for when the consumer has taken the last row of this one. */
export async function* pages<Row, Cursor>(
  first: Cursor,
  fetch: (cursor: Cursor) => Promise<Page<Row, Cursor>>,
): AsyncGenerator<Row, void, undefined> {
  let cursor: Cursor | undefined = first;
  while (cursor !== undefined) {
    const page: Page<Row, Cursor> = await fetch(cursor);
    // Not `yield*`: of an array it makes a promise more for each row.
    for (const row of page.rows) yield row;
    cursor = page.next;
  }
}
