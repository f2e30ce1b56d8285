import { systemClock } from '../clock.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { configuredMeters } from '../derive/meter.ts';
import { configuredPacks } from '../derive/pack.ts';
import { staleKeysOf } from '../derive/stale.ts';
import { QuarantineBook } from '../ingest/quarantine-book.ts';
import { readmit } from '../ingest/readmit.ts';
import { SealJob } from '../seals/job.ts';
import { SealTime, withSealMarks } from '../seals/late.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { carryOut, type Command, type CommandParts } from './commands.ts';
import { askGateway, controlPath } from './socket.ts';

/** Has the running gateway carry a command out, or opens its store where none runs. `line` gets each item of the answer. */
export async function askOrOpen(
  config: GatewayConfig,
  command: Command,
  line: (item: unknown) => void,
): Promise<void> {
  const asked = await askGateway(controlPath(config.data), command, line);
  if (asked === 'done') return;
  const store = await openStore(config, systemClock);
  try {
    const parts = await partsOf(config, store);
    for await (const item of carryOut(command, parts)) line(item);
  } finally {
    await store.close();
  }
}

async function partsOf(config: GatewayConfig, store: Store): Promise<CommandParts> {
  const book = await QuarantineBook.load(store, config.quarantine);
  const meters = configuredMeters(config);
  const time = new SealTime({ trusted: () => true, wallMs: systemClock.wallMs }, 0);
  const staleKeys = withSealMarks(staleKeysOf(configuredPacks(config), meters), meters, time);
  const reception = () => ({ receivedAt: systemClock.wallMs(), clockTrusted: true });
  return {
    store,
    meters,
    heads: async () => (await SealJob.load(store, meters)).heads(),
    readmit: (entry) => readmit(store, book, entry, reception(), staleKeys),
  };
}
