import { Sign, type SignName } from '../figure/sign.tsx';
import { japanMinute, japanMoment } from '../format.ts';
import type { TimeSpan } from '../trend/shape.ts';
import { type EventKind, placeEvents, type TimelineEvent } from './events.ts';
import type { ToldEvents } from './tell-events.ts';
import { useWords } from './words/words.ts';

const signs: Readonly<Record<EventKind, SignName>> = {
  delivery: 'changed',
  alarm: 'active',
  change: 'valve',
  correction: 'acknowledged',
  register: 'warning',
};

/** Where the plot stands in its holder, CSS pixels. */
export interface PlotPlace {
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export function isSamePlace(one: PlotPlace, other: PlotPlace): boolean {
  return one.left === other.left && one.width === other.width && one.height === other.height;
}

interface EventStripProps {
  /** Those in the span, oldest first. */
  readonly events: readonly TimelineEvent[];
  readonly span: TimeSpan;
  readonly place: PlotPlace;
  readonly remPx: number;
}

/** Letters are at most this wide; a full-width one is as wide as it is high. */
function labelPx(text: string, remPx: number): number {
  const widths = Array.from(text, (letter) => (letter.charCodeAt(0) < 0x2e80 ? 0.6 : 1));
  return (widths.reduce((sum, each) => sum + each, 2.6) * 0.75 + 0.5) * remPx;
}

/** Labels over the plot, each with a line down to its time. The list below says the same in words: this is a picture. */
export function EventStrip({ events, span, place, remPx }: EventStripProps) {
  const placed = placeEvents(
    events,
    span,
    ({ text }) => labelPx(text, remPx) / Math.max(1, place.width),
  );
  const labelled = Math.max(0, ...placed.map(({ row }) => (row ?? -1) + 1));
  // Numbers without words have a row of their own, so that they cover no label.
  const rows = labelled + (placed.some(({ row }) => row === undefined) ? 1 : 0);
  return (
    <div
      class="event-strip"
      aria-hidden="true"
      style={{
        left: `${place.left}px`,
        width: `${place.width}px`,
        '--rows': rows,
        '--plot': `${place.height}px`,
      }}
    >
      {placed.map(({ event, number, left, row, before }) => (
        <span
          key={event.id}
          class="event-flag"
          data-kind={event.kind}
          data-row={row ?? 'none'}
          data-before={before && row !== undefined}
          style={{ left: `${left * 100}%` }}
        >
          <b>{number}</b>
          {row === undefined ? null : event.text}
        </span>
      ))}
    </div>
  );
}

interface EventListProps {
  readonly told: ToldEvents | undefined;
  readonly events: readonly TimelineEvent[];
  readonly nowMs: number;
}

/** The same events as a list, with their numbers in the picture. */
export function EventList({ told, events, nowMs }: EventListProps) {
  const { events: words, ...rest } = useWords();
  const moment = (atMs: number): string => japanMoment(atMs, nowMs, japanMinute);
  if (told === undefined) return <p role="status">{rest.loading}</p>;
  return (
    <section class="event-list" data-testid="history-events">
      <h3>{events.length === 0 ? words.none : words.title(events.length)}</h3>
      <ol>
        {events.map(({ id, kind, atMs, toMs, text }) => (
          <li key={id} data-kind={kind}>
            <Sign name={signs[kind]} />
            <span>
              <b>{moment(atMs)}</b>{' '}
              {toMs === undefined ? '' : toMs === null ? words.going : words.to(moment(toMs))}{' '}
              {text} <small>{words.kind[kind]}</small>
            </span>
          </li>
        ))}
      </ol>
      {told.failed ? <p>{words.failed}</p> : null}
      {told.more ? <p>{words.more}</p> : null}
    </section>
  );
}
