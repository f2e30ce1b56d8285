import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '../contract.suite.ts';
import { openEmbeddedStore } from './store.ts';

describeStore('embedded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kadoru-store-'));
  const store = await openEmbeddedStore({ folder });
  let latest = store;
  return {
    store,
    async reopen() {
      await latest.close();
      latest = await openEmbeddedStore({ folder });
      return latest;
    },
    async dispose() {
      await latest.close();
      await rm(folder, { recursive: true });
    },
  };
});
