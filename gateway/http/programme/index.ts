import { Hono } from 'hono';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { projectActivityRoutes } from './activity.ts';
import { projectCalculationRoutes } from './calculation.ts';
import { Exports } from '../exports.ts';
import { handlingRoutes } from './handlings.ts';
import { projectIntervalRoutes } from './intervals.ts';
import { progressRoutes } from './progress.ts';
import { projectRoutes } from './projects.ts';
import { projectReadingRoutes } from './register-readings.ts';

/** Programmes: for the ward, the partner that files claims, and auditors. */
export function programmeRoutesOf(parts: AppParts): Hono<Env> {
  const exports = new Exports(parts);
  const app = new Hono<Env>();
  for (const group of [projectRoutes, progressRoutes, handlingRoutes]) app.route('/', group(parts));
  for (const group of [
    projectIntervalRoutes,
    projectReadingRoutes,
    projectActivityRoutes,
    projectCalculationRoutes,
  ])
    app.route('/', group(parts, exports));
  return app;
}
