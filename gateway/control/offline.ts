import { systemClock } from '../clock.ts';
import type { GatewayConfig } from '../config/schema.ts';
import { configuredMeters } from '../derive/meter.ts';
import { configuredPacks } from '../derive/pack.ts';
import { staleKeysOf } from '../derive/stale.ts';
import { QuarantineBook } from '../ingest/quarantine-book.ts';
import { readmit } from '../ingest/readmit.ts';
import { RecordDesk } from '../records/desk.ts';
import { SealJob } from '../seals/job.ts';
import { SealTime, withSealMarks } from '../seals/late.ts';
import { openStore } from '../store/open.ts';
import { carryOut, type Command, keptParts } from './commands.ts';
import { askGateway, controlPath } from './socket.ts';

/** Asks the running gateway, or opens its store when none runs. Rejects when either fails in the middle. */
export async function askGatewayOrStore(
  config: GatewayConfig,
  command: Command,
  line: (item: unknown) => void,
): Promise<void> {
  if ((await askGateway(controlPath(config.data), command, line)) === 'done') return;
  const store = await openStore(config, systemClock);
  try {
    const book = await QuarantineBook.load(store, config.quarantine);
    const meters = configuredMeters(config);
    const time = new SealTime({ trusted: () => true, wallMs: systemClock.wallMs }, 0);
    const staleKeys = withSealMarks(staleKeysOf(configuredPacks(config), meters), meters, time);
    const reception = () => ({ receivedAt: systemClock.wallMs(), clockTrusted: true });
    const parts = {
      store,
      kept: keptParts(store, meters, async () => (await SealJob.load(store, meters)).heads()),
      readmit: (entry: Parameters<typeof readmit>[2]) =>
        readmit(store, book, entry, reception(), staleKeys),
      desk: await RecordDesk.load(store),
      registers: new Set(meters.map(({ key }) => key)),
      wallMs: systemClock.wallMs,
    };
    for await (const item of carryOut(command, parts)) line(item);
  } finally {
    await store.close();
  }
}
