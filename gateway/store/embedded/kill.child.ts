import { numberedBatch } from './kill.batch.ts';
import { openEmbeddedStore } from './store.ts';

/**
 * A program for kill.test.ts: `kill.child.ts FOLDER FIRST` commits batch after batch until it is killed, and prints the
 * number of each one that was acknowledged.
 */
async function main(folder: string, first: number): Promise<void> {
  const store = await openEmbeddedStore({ folder });
  for (let number = first; ; number += 1) {
    await store.commit(numberedBatch(number));
    process.stdout.write(`${number}\n`);
  }
}

const [folder, first] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: kill.child.ts FOLDER FIRST');
await main(folder, Number(first));
