import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import type { Env } from './env.ts';
import type { AppParts } from './parts.ts';
import { noQuery, readQuery } from './query.ts';

type GeneratorParts = Pick<AppParts, 'plant' | 'meterBoard' | 'clock'>;

export function generatorRoutes({ plant, meterBoard, clock }: GeneratorParts): Hono<Env> {
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
  return app;
}
