import { systemClock } from '../clock.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { configuredMeters } from '../derive/meter.ts';
import { configuredPacks } from '../derive/pack.ts';
import { staleKeysOf } from '../derive/stale.ts';
import { QuarantineBook } from '../ingest/quarantine-book.ts';
import { readmit } from '../ingest/readmit.ts';
import { openStore } from '../store/open.ts';
import { carryOut, type Command } from './commands.ts';
import { askGateway, controlPath } from './socket.ts';

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
  if ((await askGateway(controlPath(config.data), command, line)) === 'not-running')
    await offline(config, command, line);
  return refused === 0 ? 0 : 1;
}

async function offline(
  config: GatewayConfig,
  command: Command,
  line: (item: unknown) => void,
): Promise<void> {
  const store = await openStore(config, systemClock);
  try {
    const book = await QuarantineBook.load(store, config.quarantine);
    const staleKeys = staleKeysOf(configuredPacks(config), configuredMeters(config));
    const reception = () => ({ receivedAt: systemClock.wallMs(), clockTrusted: true });
    const parts = {
      store,
      readmit: (entry: Parameters<typeof readmit>[2]) =>
        readmit(store, book, entry, reception(), staleKeys),
    };
    for await (const item of carryOut(command, parts)) line(item);
  } finally {
    await store.close();
  }
}
