import type { GatewayConfig } from '../config/schema.ts';
import { askOrOpen } from './ask.ts';

/**
 * `quarantine list|retry`: asks the running gateway, or opens its store when none runs. One JSON line per entry;
 * answers the exit code, 1 when something is still refused.
 */
export async function quarantineCommand(
  config: GatewayConfig,
  action: 'list' | 'retry',
  { device, id }: { readonly device?: string | undefined; readonly id?: string | undefined },
  say: (line: string) => void,
): Promise<number> {
  const [site, name] = device?.split('/') ?? [];
  let refused = 0;
  await askOrOpen(config, { command: `quarantine-${action}`, site, device: name, id }, (item) => {
    if (
      typeof item === 'object' &&
      item !== null &&
      'outcome' in item &&
      item.outcome !== 'admitted'
    )
      refused += 1;
    say(JSON.stringify(item));
  });
  return refused === 0 ? 0 : 1;
}
