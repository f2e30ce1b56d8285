import { isIP, isIPv4 } from 'node:net';

/** Whether a listener's address, or the host of a URL, can only be this machine. */
export function isLoopback(host: string): boolean {
  const bare = withoutBrackets(host.toLowerCase());
  if (bare === 'localhost' || bare === '::1') return true;
  return isIPv4(bare) && bare.startsWith('127.');
}

/**
 * Whether a browser that names this host may be answered without credentials. A rebinding attack needs a name whose
 * address it can change; an address, or a name we know, cannot be rebound.
 */
export function hostIsKnown(
  host: string,
  reach: 'loopback' | 'network',
  publicHosts: readonly string[],
): boolean {
  if (isLoopback(host) || publicHosts.includes(host.toLowerCase())) return true;
  return reach === 'network' && isIP(withoutBrackets(host)) !== 0;
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
