import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Hono } from 'hono';
import { getMimeType } from 'hono/utils/mime';
import type { Env } from './env.ts';

const mostFiles = 200;
const mostBytes = 16 * 1024 * 1024;
/** What a build writes; nothing that a URL escapes or the router reads as a pattern. */
const plainPath = /^[A-Za-z0-9/._-]+$/;

interface PageFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

/**
 * The built page. Its few files are read once: what is served is exactly what was in the folder at start, so no
 * request can name a path outside it. Throws on a folder that cannot be the page.
 */
export function pageRoutes(dir: string | undefined): Hono<Env> {
  const app = new Hono<Env>();
  const files = dir === undefined ? [] : readPage(dir);
  if (!files.some(({ path }) => path === '/index.html')) return app.get('/', notBuilt);
  for (const file of files) {
    const routes = file.path === '/index.html' ? ['/', file.path] : [file.path];
    for (const route of routes)
      app.get(route, (c) => {
        // Names carry no digest, so a browser asks each time and is told when nothing changed.
        const headers = { etag: file.etag, 'cache-control': 'no-cache' };
        if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers);
        return c.body(file.bytes, 200, { ...headers, 'content-type': file.type });
      });
  }
  return app;
}

function notBuilt(): Response {
  return new Response(
    'The page is not built: run `npm run build`. The API answers under /api/v1, see /api/v1/openapi.json.\n',
    {
      status: 404,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    },
  );
}

function readPage(dir: string): PageFile[] {
  const files: PageFile[] = [];
  let total = 0;
  for (const entry of entriesOf(dir)) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = new Uint8Array(readFileSync(file));
    total += bytes.length;
    if (files.length >= mostFiles || total > mostBytes)
      throw new Error(`${dir} is not the page: more than ${mostFiles} files or ${mostBytes} bytes`);
    const path = `/${relative(dir, file).split(sep).join('/')}`;
    if (!plainPath.test(path)) throw new Error(`${dir} is not the page: ${path} has an odd name`);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
    files.push({ path, bytes, type: getMimeType(entry.name) ?? 'application/octet-stream', etag });
  }
  return files;
}

/** Nothing where the folder does not exist: the page was not built. */
function entriesOf(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
