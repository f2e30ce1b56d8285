import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Builds what tests start as threads and processes, once per run (vitest `globalSetup`). The store's threads are bundled
 * programs, so a test that ran them from source would test something that nobody ships.
 */
export function setup(): void {
  execFileSync('npx', ['esbuild', ...storeWorker], { cwd: root, stdio: 'inherit' });
}

const root = fileURLToPath(new URL('..', import.meta.url));
const storeWorker = [
  'store-worker=gateway/store/embedded/worker.ts',
  '--bundle',
  '--packages=external',
  '--platform=node',
  '--format=esm',
  '--target=node20.19',
  '--sourcemap',
  '--outdir=.build',
  '--log-level=warning',
];
