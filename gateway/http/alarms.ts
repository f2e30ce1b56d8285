import { Hono } from 'hono';
import { routes } from '#gateway/contract';
import { alarmKinds } from '../alarms/conditions/kinds.ts';
import type { ActionResult, Alarm } from '../alarms/index.ts';
import { shownAlarm } from '../alarms/shown.ts';
import type { Env } from './env.ts';
import { readBody } from './packs/statement.ts';
import type { AppParts } from './parts.ts';
import { HttpProblem } from './problem.ts';
import { noQuery, readQuery } from './query.ts';

type AlarmParts = Pick<AppParts, 'plant' | 'alarms' | 'limits'>;

/** What is open, and what people do about it. */
export function alarmRoutes(parts: AlarmParts): Hono<Env> {
  const { plant, alarms } = parts;
  const app = new Hono<Env>();
  app.get(routes.alarms.path, (c) => {
    readQuery(c.req.url, noQuery);
    const ended = alarms.closed().map(showEnded);
    return c.json({ items: [...plant.alarms(), ...ended] });
  });
  app.post(routes.acknowledgeAlarm.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const order = await readBody(c, routes.acknowledgeAlarm.body, parts);
    return c.json(done(alarms.acknowledge(order)), 201);
  });
  app.post(routes.shelveAlarm.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const order = await readBody(c, routes.shelveAlarm.body, parts);
    return c.json(done(alarms.shelve(order)), 201);
  });
  app.post(routes.unshelveAlarm.path, async (c) => {
    readQuery(c.req.url, noQuery);
    const order = await readBody(c, routes.unshelveAlarm.body, parts);
    return c.json(done(alarms.unshelve(order)), 201);
  });
  return app;
}

/** Throws `HttpProblem`: 404 for an alarm that is not there, 400 for an order that is wrong in itself, 409 otherwise. */
function done(result: ActionResult) {
  if (result.kind === 'done') return shownAlarm(alarmKinds, result.alarm);
  const codes = new Set(result.refusals.map(({ code }) => code));
  const status = codes.has('unknown-alarm') ? 404 : codes.has('invalid') ? 400 : 409;
  const errors = result.refusals.map(({ field, detail }) => ({ field, detail }));
  throw new HttpProblem(status, errors.map(({ detail }) => detail).join('; '), errors);
}

/** Of an alarm that ended, the last that was seen is the last there is. */
function showEnded(alarm: Alarm) {
  return shownAlarm(alarmKinds, { ...alarm, observable: true, latest: alarm.sighting });
}
