import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** A program that tests talk to for real, and the Debian package it comes from. */
interface Peer {
  readonly program: string;
  readonly debianPackage: string;
}

const peers = {
  chromium: { program: 'chromium', debianPackage: 'chromium' },
  mosquitto: { program: 'mosquitto', debianPackage: 'mosquitto' },
  socat: { program: 'socat', debianPackage: 'socat' },
} as const satisfies Record<string, Peer>;
export type PeerName = keyof typeof peers;

/** Debian puts daemons where an ordinary user's PATH does not look. */
const searchPath = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;

/** Where a peer is on this machine, or undefined. */
export function peerPath(name: PeerName): string | undefined {
  const found = spawnSync('sh', ['-c', 'command -v "$0"', peers[name].program], {
    env: { ...process.env, PATH: searchPath },
    encoding: 'utf8',
  });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** Debian packages of the peers that are not here. */
export function missingPackages(): string[] {
  return Object.entries(peers).flatMap(([name, { debianPackage }]) =>
    isPeerName(name) && peerPath(name) === undefined ? [debianPackage] : [],
  );
}

function isPeerName(name: string): name is PeerName {
  return Object.hasOwn(peers, name);
}

/**
 * Tests that need peers. Where one is missing they are skipped, by name, with the command that installs it; with
 * CI=true nothing is skipped, and a missing peer fails.
 */
export function describeWithPeers(
  name: string,
  needed: readonly PeerName[],
  tests: () => void,
): void {
  const missing = needed.filter((peer) => peerPath(peer) === undefined);
  if (missing.length === 0 || process.env['CI'] === 'true') {
    describe(name, tests);
    return;
  }
  const packages = missing.map((peer) => peers[peer].debianPackage).join(' ');
  describe.skip(`${name} [skipped: needs apt-get install ${packages}]`, tests);
}
