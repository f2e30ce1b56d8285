import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { bookLines } from '../records/shown/book.ts';
import { bookCsv } from './book-csv.ts';
import { bookPage, bookStyle } from './book-page.ts';
import type { Env } from './env.ts';
import { findSite } from './find-pack.ts';
import { sourcesOf, type StatementParts } from './packs/statement.ts';
import type { AppParts } from './parts.ts';
import { HttpProblem } from './problem.ts';
import { readQuery, spanOf } from './query.ts';

const yearMs = 366 * 24 * 3_600_000;

/** Lets browsers apply the style of the printable book, and no other inline one (CSP level 2, hash sources). */
export const bookStyleHash = `'sha256-${createHash('sha256').update(bookStyle).digest('base64')}'`;

/** The receipt-and-issue book, for programs, spreadsheets and printers. */
export function bookRoutes(parts: StatementParts & Pick<AppParts, 'sites'>): Hono<Env> {
  const sources = sourcesOf(parts);
  return new Hono<Env>().get(routes.book.path, async (c) => {
    const { format, origin, ...query } = readQuery(c.req.url, routes.book.query);
    const site = findSite(parts.sites, query.site);
    const to = query.to ?? parts.clock.wallMs() + 1;
    const span = spanOf({ from: query.from, to }, { from: to - yearMs, to });
    const packs = parts.packs.filter((pack) => pack.site === site);
    const items = await bookLines(sources, packs, span, origin);
    const most = parts.limits.bookLines;
    if (items.length > most)
      throw new HttpProblem(
        400,
        `the book has ${items.length} lines, more than ${most}: ask for less`,
      );
    if (format === 'json') return c.json({ items });
    const name = `attachment; filename="book-${site}.csv"`;
    if (format === 'csv')
      return c.body(bookCsv(items), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': name,
      });
    const names = new Map(packs.map(({ config }) => [config.id, config.name ?? config.id]));
    return c.html(
      bookPage({ site, span, origin, lines: items, names, printedAt: sources.nowMs() }),
    );
  });
}
