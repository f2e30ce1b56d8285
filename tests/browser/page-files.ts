import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { root } from '../system/program.ts';

export interface PageFile {
  readonly name: string;
  readonly gzipBytes: number;
}

/** Every file of the built page. */
export function pageFiles(): PageFile[] {
  const folder = join(root, '.build', 'dashboard');
  return readdirSync(folder).map((name) => {
    const gzipped = gzipSync(readFileSync(join(folder, name)), { level: 9 });
    return { name, gzipBytes: gzipped.length };
  });
}

/** Answers which of the page's files the browser has asked for since: what a visit costs is not guessed from imports. */
export function watchFiles(page: Page): () => PageFile[] {
  const asked = new Set<string>();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    asked.add(pathname === '/' ? 'index.html' : pathname.slice(1));
  });
  return () => pageFiles().filter(({ name }) => asked.has(name));
}
