import type { Meter, ShownRegisterEvent } from '#gateway/contract';
import { japanClock, japanMoment, registerText } from '../format.ts';
import { registerEventsPath } from '../link/paths.ts';
import { fetchText } from '../link/send.ts';
import { type EventPage, readRegisterEvents } from './meter-answers.ts';
import { nameOf, useMeterNames } from './meter-names.ts';
import type { MeterFormProps } from './meter-reading-form.tsx';
import { useOpenTask } from './task.ts';
import { useFetched } from './use-fetched.ts';
import { useWords } from './words/words.ts';

/** What registers did that is no plain rise: those that wait first, then newest first. */
export function RegisterEvents({ meters, nowMs, close }: MeterFormProps) {
  const words = useWords();
  const { events: said } = words.meter;
  const names = useMeterNames(meters);
  const read = useFetched(() => readAll(meters));
  return (
    <div class="work-form" data-testid="register-events">
      <h2>{said.title}</h2>
      <p class="work-about">{words.id(names.map(([, name]) => name).join(' · '))}</p>
      {read === 'loading' || read === 'failed' ? (
        <p role="status">{words.meter[read]}</p>
      ) : (
        <ul class="changes">
          {read.events.length === 0 ? <li>{said.none}</li> : null}
          {read.events.map((event) => (
            <EventRow
              key={event.id}
              meters={meters}
              name={nameOf(names, event.meter)}
              event={event}
              nowMs={nowMs}
            />
          ))}
          {read.more ? <li>{said.more}</li> : null}
        </ul>
      )}
      <div class="work-buttons">
        <button type="button" class="main-button" onClick={close}>
          {words.form.close}
        </button>
      </div>
    </div>
  );
}

async function readAll(meters: readonly Meter[]): Promise<EventPage | undefined> {
  const pages: EventPage[] = [];
  for (const { meter } of meters) {
    const page = readRegisterEvents(await fetchText(registerEventsPath(meter)));
    if (page === undefined) return undefined;
    pages.push(page);
  }
  const waits = ({ resolution }: ShownRegisterEvent): number => (resolution === null ? 0 : 1);
  const events = pages
    .flatMap((page) => page.events)
    .toSorted((a, b) => waits(a) - waits(b) || b.at - a.at);
  return { events, more: pages.some(({ more }) => more) };
}

interface EventRowProps {
  readonly meters: readonly Meter[];
  readonly name: string;
  readonly event: ShownRegisterEvent;
  readonly nowMs: number;
}

function EventRow({ meters, name, event, nowMs }: EventRowProps) {
  const { events: said } = useWords().meter;
  const open = useOpenTask();
  const { id, meter, at, kind, before, after, resolution } = event;
  const reading = { meter, at, wh: after };
  return (
    <li data-testid={`event-${id}`} data-waiting={resolution === null}>
      <p>
        <strong>{said.kind(kind)}</strong> {name} {japanMoment(at, nowMs, japanClock)}
      </p>
      <p>{said.step(registerText(before), registerText(after))}</p>
      <p>{resolution === null ? said.waiting : said.settled(resolution.kind, resolution.by)}</p>
      <div class="work-buttons">
        <button type="button" onClick={() => open({ kind: 'register-resolution', meters, event })}>
          {resolution === null ? said.resolve : said.again}
        </button>
        <button type="button" onClick={() => open({ kind: 'correction', meters, reading })}>
          {said.correct}
        </button>
      </div>
    </li>
  );
}
