import { z } from 'zod';
import { Complaint } from '../complaint.ts';
import { yearSite } from './configuration.ts';
import type { Home } from './home.ts';

const eventsSchema = z.object({
  items: z.array(z.object({ id: z.string(), at: z.int(), resolution: z.unknown() })),
});
const by = 'simulated operator';

/**
 * Says over HTTP what happened to the registers, as somebody who was there would, until no event of a home waits.
 * Answers how many statements that took.
 */
export async function explain(http: string, home: Home): Promise<number> {
  const meter = `${yearSite}/${home.plan.asset}/generated`;
  for (const { at, finalWh } of home.told) {
    const id = `${meter.replaceAll('/', '.')}.${at}`;
    const resolution = { kind: 'reset-to-zero', finalWh, by, why: 'seen on site' };
    await post(`${http}/api/v1/register-events/${id}/resolution`, resolution);
  }
  return home.told.length;
}

/** The register events of a home that nobody has explained. */
export async function unexplained(http: string, { plan }: Home): Promise<number> {
  let open = 0;
  for (const quantity of ['generated', 'exported']) {
    const meter = `${yearSite}/${plan.asset}/${quantity}`;
    const answer = await fetch(`${http}/api/v1/register-events?meter=${meter}&limit=200`);
    const { items } = eventsSchema.parse(await answer.json());
    open += items.filter(({ resolution }) => resolution === null).length;
  }
  return open;
}

async function post(url: string, body: unknown): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Complaint(`${url} answered ${answer.status}: ${await answer.text()}`);
}
