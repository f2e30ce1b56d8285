import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Builds what tests start as threads and processes, once per run (vitest `globalSetup`). The store's threads are bundled
 * programs, so a test that ran them from source would test something that nobody ships.
 */
export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}

const root = fileURLToPath(new URL('..', import.meta.url));
