import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Installs the Debian packages tests talk to, where that is possible: root on Debian or Ubuntu. Anywhere else it says
 * which command does it, and the tests concerned are skipped by name.
 */
export function installPeers(packages: readonly string[]): void {
  if (packages.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !isDebian()) {
    console.log(
      `Missing: ${packages.join(' ')}. Tests that need them are skipped; to run them:\n  sudo sh -c '${command}'`,
    );
    return;
  }
  console.log(`Installing for the tests: ${packages.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('sh', ['-c', command], {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) console.log(`apt-get ended with ${status}:\n${stderr}`);
}

function isDebian(): boolean {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false; // no such file: another system
  }
}
