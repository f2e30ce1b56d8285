import type { Alarm, Meter, Pack } from '#gateway/contract';
import { alarmsPath, correctionsOfPath, packPath, registerEventsPath } from '../link/paths.ts';
import { fetchText } from '../link/send.ts';
import type { Texts } from '../texts/texts.ts';
import {
  readAlarms,
  readCalibrations,
  readCorrections,
  readDeliveries,
  readRegisterEvents,
  readSegments,
} from './answers.ts';
import type { TimelineEvent } from './events.ts';
import type { Words } from './words/words.ts';

/** What was read: `failed` where a list did not come, `more` where the gateway holds older ones. */
export interface ToldEvents {
  readonly events: readonly TimelineEvent[];
  readonly failed: boolean;
  readonly more: boolean;
}

interface Saying {
  readonly words: Words;
  readonly texts: Texts;
}

interface Told {
  readonly items: readonly unknown[];
  readonly next?: string | undefined;
}

/** One list with the events that its items are. */
interface Source {
  readonly told: Told | undefined;
  readonly events: readonly TimelineEvent[];
}

const pageQuery = '&limit=200';

/** Everything that happened to a pack, whenever: lists are short, and zooming then asks for nothing. */
export async function eventsOfPack(pack: Pack, saying: Saying): Promise<ToldEvents> {
  const of = (below: string) => fetchText(`${packPath(pack, below)}${pageQuery}`);
  const [deliveries, segments, calibrations, alarms] = await Promise.all([
    of('deliveries').then(readDeliveries),
    of('segments').then(readSegments),
    of('calibrations').then(readCalibrations),
    fetchText(alarmsPath).then(readAlarms),
  ]);
  const { words } = saying;
  return joined([
    {
      told: deliveries,
      events: (deliveries?.items ?? []).flatMap((each) => ofDelivery(each, words)),
    },
    { told: segments, events: (segments?.items ?? []).flatMap((each) => ofSegment(each, words)) },
    {
      told: calibrations,
      events: (calibrations?.items ?? []).map(({ id, from, by }) => ({
        id: `calibration ${id}`,
        kind: 'correction',
        atMs: from,
        text: words.events.calibration(by),
      })),
    },
    ofAlarms(alarms, pack.site, pack.id, saying),
  ]);
}

/** Everything that happened to a register. */
export async function eventsOfMeter(
  { meter }: Pick<Meter, 'meter'>,
  saying: Saying,
): Promise<ToldEvents> {
  const [registers, corrections, alarms] = await Promise.all([
    fetchText(registerEventsPath(meter)).then(readRegisterEvents),
    fetchText(correctionsOfPath(meter)).then(readCorrections),
    fetchText(alarmsPath).then(readAlarms),
  ]);
  const [site = '', asset = ''] = meter.split('/');
  const { words } = saying;
  return joined([
    {
      told: registers,
      events: (registers?.items ?? []).map(({ id, at, kind }) => ({
        id,
        kind: 'register',
        atMs: at,
        text: words.events.register(kind),
      })),
    },
    {
      told: corrections,
      events: (corrections?.items ?? []).map(({ id, at, by, why }) => ({
        id: `correction ${id}`,
        kind: 'correction',
        atMs: at,
        text: words.events.correction(by, why),
      })),
    },
    ofAlarms(alarms, site, asset, saying),
  ]);
}

function joined(sources: readonly Source[]): ToldEvents {
  return {
    events: sources.flatMap(({ events }) => events),
    failed: sources.some(({ told }) => told === undefined),
    more: sources.some(({ told }) => told?.next !== undefined),
  };
}

type DeliveryTold = NonNullable<ReturnType<typeof readDeliveries>>['items'][number];

function ofDelivery(
  { id, openedAt, serial, origin, returned }: DeliveryTold,
  { events: words }: Words,
): TimelineEvent[] {
  const text = words.delivery(serial, words.origin[origin]);
  const opened = { id: `delivery ${id}`, kind: 'delivery', atMs: openedAt, text } as const;
  if (returned === null) return [opened];
  const off = { id: `return ${id}`, kind: 'delivery', atMs: returned.at } as const;
  return [opened, { ...off, text: words.returned(serial) }];
}

type SegmentTold = NonNullable<ReturnType<typeof readSegments>>['items'][number];

/** The first segment began because nothing was known before: that is no event. */
function ofSegment(
  { at, kind, isolations }: SegmentTold,
  { events: words }: Words,
): TimelineEvent[] {
  const change = {
    id: `segment ${at}`,
    kind: 'change',
    atMs: at,
    text: words.change(kind),
  } as const;
  return [
    ...(kind === 'first' ? [] : [change]),
    ...isolations.map(({ from, to }) => ({
      id: `isolation ${from}`,
      kind: 'change' as const,
      atMs: from,
      toMs: to,
      text: words.isolated,
    })),
  ];
}

function ofAlarms(
  told: { readonly items: readonly Alarm[] } | undefined,
  site: string,
  subject: string,
  { texts }: Saying,
): Source {
  const events = (told?.items ?? [])
    .filter((alarm) => alarm.site === site && alarm.subject === subject)
    .map((alarm) => ({
      id: `alarm ${alarm.id} ${alarm.occurrence}`,
      kind: 'alarm' as const,
      atMs: alarm.raisedAt,
      toMs: alarm.phase.startsWith('active') ? null : alarm.clearedAt,
      text: texts.alarms.named(alarm.title),
    }));
  return { told, events };
}
