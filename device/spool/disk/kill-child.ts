import { writeSync } from 'node:fs';
import { draftAt, openSpool, stampAt } from './testing-spool.ts';

/** A process that appends as fast as it can and says so, until it is killed: `tsx kill-child.ts FOLDER`. */
const [folder = ''] = process.argv.slice(2);
const spool = await openSpool(folder, { maxBytes: 3_000_000, syncEachFrame: false });
const fromMs = spool.lastStamp === undefined ? 0 : spool.next * 1_000;
for (let index = 1; ; index += 1) {
  const upMs = fromMs + index * 1_000;
  spool.append(draftAt(upMs), stampAt(upMs));
  const [frame] = spool.read(spool.next - 1, 1, Infinity);
  // Synchronous: a line that the parent reads was written after the frame was.
  if (frame !== undefined) writeSync(1, `${frame.text}\n`);
  if (index % 200 === 0) {
    // Everything up to here but the newest hundred is acknowledged.
    spool.free({ first: 1, last: spool.next - 100 });
    await spool.sync();
  }
}
