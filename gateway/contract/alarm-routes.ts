import {
  acknowledgeRequestSchema,
  alarmSchema,
  shelveRequestSchema,
  unshelveRequestSchema,
} from './alarm.ts';
import { list, type Route } from './route.ts';

export const alarmRoutes = {
  alarms: {
    method: 'get',
    path: '/alarms',
    summary: 'Open alarms, urgent ones first, and after them the last ones that ended',
    answer: list(alarmSchema),
    media: 'application/json',
  },
  acknowledgeAlarm: {
    method: 'post',
    path: '/alarms/acknowledgements',
    summary: 'Somebody has taken note of an alarm',
    body: acknowledgeRequestSchema,
    status: 201,
    answer: alarmSchema,
    media: 'application/json',
  },
  shelveAlarm: {
    method: 'post',
    path: '/alarms/shelvings',
    summary: 'Sets an alarm aside until a time: it goes on being judged, and calls nobody',
    body: shelveRequestSchema,
    status: 201,
    answer: alarmSchema,
    media: 'application/json',
  },
  unshelveAlarm: {
    method: 'post',
    path: '/alarms/unshelvings',
    summary: 'Takes an alarm back from where it was set aside',
    body: unshelveRequestSchema,
    status: 201,
    answer: alarmSchema,
    media: 'application/json',
  },
} as const satisfies Record<string, Route>;
