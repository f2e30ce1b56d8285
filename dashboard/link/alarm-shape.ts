import type { Alarm } from '#gateway/contract';
import { figure, flag, listOf, nullable, oneOf, shape, text, whole } from './shape.ts';

type Taken = NonNullable<Alarm['acknowledged']>;
type Shelf = NonNullable<Alarm['shelf']>;

const alarm = shape<Alarm>({
  id: text,
  site: text,
  subject: text,
  kind: text,
  priority: oneOf<Alarm['priority']>({ urgent: true, caution: true, note: true }),
  title: shape<Alarm['title']>({ ja: text, en: text }),
  phase: oneOf<Alarm['phase']>({
    'active-unacknowledged': true,
    'active-acknowledged': true,
    'returned-unacknowledged': true,
    normal: true,
  }),
  occurrence: text,
  raisedAt: whole,
  clearedAt: nullable(whole),
  acknowledged: nullable(shape<Taken>({ by: text, at: whole, comment: nullable(text) })),
  shelf: nullable(shape<Shelf>({ by: text, at: whole, until: whole, why: text })),
  observable: flag,
  value: nullable(figure),
  threshold: nullable(figure),
  unit: text,
  detail: text,
  cause: nullable(text),
});

/** A gateway holds at most 500 open alarms and 200 closed ones (gateway/alarms, bounds). */
export const alarms = listOf(alarm, 1000);

export const alarmList = shape<{ items: Alarm[] }>({ items: alarms });
