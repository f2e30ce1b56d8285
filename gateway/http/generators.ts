import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { siteEnergy } from '../view/energy-balance.ts';
import type { Env } from './env.ts';
import type { AppParts } from './parts.ts';
import { noQuery, readQuery } from './query.ts';

type GeneratorParts = Pick<AppParts, 'plant' | 'meterBoard' | 'clock' | 'sites'>;

export function generatorRoutes({ plant, meterBoard, clock, sites }: GeneratorParts): Hono<Env> {
  const app = new Hono<Env>();
  app.get(routes.generators.path, (c) => {
    readQuery(c.req.url, noQuery);
    const items = plant.generators().map((generator) => ({
      ...generator,
      meters: meterBoard.show(clock.wallMs(), generator),
    }));
    return c.json({ items });
  });
  app.get(routes.meters.path, (c) => {
    readQuery(c.req.url, noQuery);
    return c.json({ items: meterBoard.show(clock.wallMs()) });
  });
  app.get(routes.siteEnergy.path, (c) => {
    readQuery(c.req.url, noQuery);
    const nowMs = clock.wallMs();
    const items = siteEnergy(sites, meterBoard.show(nowMs), nowMs);
    return c.json({ items });
  });
  return app;
}
