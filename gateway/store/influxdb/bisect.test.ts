import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeApart } from './bisect.ts';
import { RefusedLines } from './failure.ts';

const place = { url: 'http://127.0.0.1:8086', database: 'kadoru' };

test('property: exactly the refused lines are found and all others stored, whichever way a server refuses', async () => {
  const lines = fc.array(fc.boolean(), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(lines, fc.boolean(), async (good, wholeBatch) => {
      const stored = new Set<string>();
      const named = good.map((ok, index) => `${ok ? 'good' : 'bad'} ${index}`);
      const write = (some: readonly string[]): Promise<void> => {
        const bad = some.filter((line) => line.startsWith('bad'));
        if (bad.length === 0 || !wholeBatch)
          for (const line of some) if (!line.startsWith('bad')) stored.add(line);
        return bad.length === 0
          ? Promise.resolve()
          : Promise.reject(new RefusedLines(bad[0] ?? '', place));
      };
      const refused = await writeApart(write, named);
      expect(refused.map(({ position }) => named[position])).toEqual(
        named.filter((line) => line.startsWith('bad')),
      );
      for (const { position, reason } of refused) expect(reason).toBe(named[position]);
      expect([...stored].toSorted()).toEqual(
        named.filter((line) => line.startsWith('good')).toSorted(),
      );
    }),
  );
});

test('any other failure ends it', async () => {
  const failure = new Error('away');
  await expect(writeApart(() => Promise.reject(failure), ['a', 'b'])).rejects.toBe(failure);
});
