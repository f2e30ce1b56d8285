import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** A program that tests talk to for real, and the Debian packages it needs (Chromium: letters for the pictures). */
interface Peer {
  readonly program: string;
  readonly debianPackages: string;
  /** For a Python program: what it must be able to import. */
  readonly pythonModule?: string;
}

const peers = {
  chromium: { program: 'chromium', debianPackages: 'chromium fonts-noto-cjk' },
  faketime: { program: 'faketime', debianPackages: 'faketime' },
  gpiod: { program: 'gpiomon', debianPackages: 'gpiod' },
  influxd: { program: 'influxd', debianPackages: 'influxdb' },
  mosquitto: { program: 'mosquitto', debianPackages: 'mosquitto' },
  // Debian's own interpreter: another one does not see Debian's packages.
  pymodbus: {
    program: '/usr/bin/python3',
    debianPackages: 'python3-pymodbus',
    pythonModule: 'pymodbus',
  },
  socat: { program: 'socat', debianPackages: 'socat' },
} as const satisfies Record<string, Peer>;
export type PeerName = keyof typeof peers;

/** Debian puts daemons where an ordinary user's PATH does not look. */
const searchPath = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;

/** Where a peer is on this machine, or undefined. */
export function peerPath(name: PeerName): string | undefined {
  const { program, pythonModule }: Peer = peers[name];
  const found = spawnSync('sh', ['-c', 'command -v "$0"', program], {
    env: { ...process.env, PATH: searchPath },
    encoding: 'utf8',
  });
  if (found.status !== 0) return undefined;
  const path = found.stdout.trim();
  if (pythonModule === undefined) return path;
  return spawnSync(path, ['-c', `import ${pythonModule}`]).status === 0 ? path : undefined;
}

/** Debian packages of the peers that are not here. */
export function missingPackages(): string[] {
  return Object.entries(peers).flatMap(([name, { debianPackages }]) =>
    isPeerName(name) && peerPath(name) === undefined ? [debianPackages] : [],
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
  const packages = missing.map((peer) => peers[peer].debianPackages).join(' ');
  describe.skip(`${name} [skipped: needs apt-get install ${packages}]`, tests);
}
