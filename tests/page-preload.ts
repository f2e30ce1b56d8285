import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A step of the build (package.json): names the scripts that the page's first one imports in the page itself, so that a
 * browser asks for all of them at once and not after it has read the first.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: page-preload.ts FOLDER');

const page = join(folder, 'index.html');
const first = readFileSync(join(folder, 'index.js'), 'utf8');
// `import{…}from"./chunk-….js"`: what is fetched later stands in `import("./….js")` and is none of these.
const names = [...first.matchAll(/(?:from|import)"\.\/([\w-]+\.js)"/g)].map(([, name]) => name);
const links = [...new Set(names)].map((name) => `<link rel="modulepreload" href="./${name}" />`);
const mark = '<script type="module"';
const html = readFileSync(page, 'utf8');
if (!html.includes(mark)) throw new Error(`${page} has no script`);
writeFileSync(page, html.replace(mark, [...links, mark].join('\n    ')));
