import { expect, test } from 'vitest';
import type { CurrentStore } from '../contract.suite.ts';
import { allTime, batch, event, someTimeMs } from './samples.ts';

export function describeEvents(current: CurrentStore): void {
  test('events come back whole, further keys too, oldest first', async () => {
    const { store } = current();
    const meta = {
      kind: 'meta',
      channels: { 'pv-1/generated': { unit: 'Wh', wrapAt: 1e9 } },
    } as const;
    const events = [
      event({ seq: 3, at: someTimeMs + 3000, event: meta }),
      event({ seq: 1, at: someTimeMs + 1000 }),
      event({ seq: 1, at: someTimeMs + 1000, index: 1, event: { kind: 'clock' } }),
    ];
    await store.commit(batch({ events }));
    const [last, ...earlier] = events;
    expect(await store.events('keihin', 'pi-1', allTime)).toEqual([...earlier, last]);
    const span = { from: someTimeMs + 1000, to: someTimeMs + 3000 };
    expect(await store.events('keihin', 'pi-1', span)).toEqual(earlier);
  });

  test('an event that comes again changes nothing; the first content stands', async () => {
    const { store } = current();
    await store.commit(batch({ events: [event()] }));
    const other = event({ event: { kind: 'restart' } });
    const restamped = event({ at: someTimeMs + 1 });
    await store.commit(batch({ events: [event(), other, restamped] }));
    expect(await store.events('keihin', 'pi-1', allTime)).toEqual([event()]);
  });

  test('streams of one device are told apart, and other devices left out', async () => {
    const { store } = current();
    const events = [event({ stream: 'a' }), event({ stream: 'b' })];
    const others = [event({ device: 'pi-2' }), event({ site: 'other' })];
    await store.commit(batch({ events: [...others, ...events] }));
    expect(await store.events('keihin', 'pi-1', allTime)).toEqual(events);
  });
}
