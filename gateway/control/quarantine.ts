import type { GatewayConfig } from '../config/schema.ts';
import type { Command } from './commands.ts';
import { askGatewayOrStore } from './offline.ts';

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
  const command: Command = { command: `quarantine-${action}`, site, device: name, id };
  let refused = 0;
  const line = (item: unknown): void => {
    if (
      typeof item === 'object' &&
      item !== null &&
      'outcome' in item &&
      item.outcome !== 'admitted'
    )
      refused += 1;
    say(JSON.stringify(item));
  };
  await askGatewayOrStore(config, command, line);
  return refused === 0 ? 0 : 1;
}
