import { useMemo, useRef } from 'preact/hooks';
import type { Pack } from '#gateway/contract';
import { fixed, japanDate, japanMinute, japanMoment, massText, pressureText } from '../format.ts';
import { readHistory } from '../link/browser.ts';
import { useTexts } from '../texts/texts.ts';
import { LineSample } from '../trend/line-sample.tsx';
import { extent, type TimeSpan } from '../trend/shape.ts';
import { readMark } from './chart.ts';
import { packCsv } from './csv.ts';
import { EventList, EventStrip } from './event-strip.tsx';
import { eventsIn, type TimelineEvent } from './events.ts';
import { PackReadout } from './pack-readout.tsx';
import { saveText } from './save.ts';
import { packSeries, type PackSeries } from './series.ts';
import { allowed, askedSpan, largestUnit, moved, pointsFor, spacingMs, zoomed } from './span.ts';
import { SpanBar } from './span-bar.tsx';
import { eventsOfPack } from './tell-events.ts';
import { useHistoryChart } from './use-history-chart.ts';
import { useReading } from './use-reading.ts';
import { type SpanState, useSpan } from './use-span.ts';
import { useWords } from './words/words.ts';

interface PackHistoryProps {
  readonly pack: Pack;
  readonly nowMs: number;
  readonly heard: boolean;
}

/** A pack over time: pressure and usable mass together, with what happened. */
export function PackHistory({ pack, nowMs, heard }: PackHistoryProps) {
  const words = useWords();
  const texts = useTexts();
  const spanState = useSpan('day', nowMs);
  const { span } = spanState;
  const { fromMs, toMs } = span;
  const reading = useReading(`${fromMs} ${toMs} ${String(heard)}`, () => readSeries(pack, span));
  const told = useReading(
    `${String(heard)} ${texts.language.code} ${Math.floor(nowMs / 60_000)}`,
    () => eventsOfPack(pack, { words, texts }),
  );
  const events = useMemo(() => eventsIn(told.value?.events ?? [], span), [told.value, span]);
  const series = reading.value ?? { ...span, ...unread };
  return (
    <>
      <SpanBar {...spanState} nowMs={nowMs} />
      <PeriodLine span={span} series={series} nowMs={nowMs} />
      <PackChart series={series} events={events} nowMs={nowMs} {...spanState} />
      <p class="history-note" role="status" data-testid="history-note">
        {noteOf(reading, series, heard, words)}
      </p>
      <p class="history-hint">{words.hint}</p>
      <EventList told={told.value} events={events} nowMs={nowMs} />
      <div class="history-save">
        <button
          type="button"
          data-testid="history-csv"
          disabled={reading.value === undefined}
          onClick={() =>
            saveText(`${pack.site}_${pack.id}.csv`, packCsv(visible(series, span), events))
          }
        >
          {words.csv}
        </button>
        <small>{words.csvHint}</small>
      </div>
    </>
  );
}

const unread = { spacingMs: 60_000, points: [], gaps: [], thin: [] };

async function readSeries(pack: Pack, span: TimeSpan): Promise<PackSeries | undefined> {
  const points = pointsFor(span, document.documentElement.clientWidth);
  const asked = askedSpan(span, points);
  const query = { site: pack.site, pack: pack.id, points, ...asked };
  const answer = await readHistory(query);
  performance.mark(readMark);
  return answer.kind === 'read'
    ? { ...packSeries(answer.points, asked, spacingMs(span, points)), ...span }
    : undefined;
}

const visible = ({ points }: PackSeries, span: TimeSpan) =>
  points.filter(({ fromMs, toMs }) => toMs > span.fromMs && fromMs < span.toMs);

function noteOf(
  { value, busy, failed }: ReturnType<typeof useReading<PackSeries>>,
  series: PackSeries,
  heard: boolean,
  words: ReturnType<typeof useWords>,
): string {
  if (!heard) return words.old;
  if (failed) return words.failed;
  if (busy) return words.loading;
  const none =
    value !== undefined && series.points.every(({ pressureMpa }) => pressureMpa === null);
  return none ? words.empty : '';
}

interface PeriodLineProps {
  readonly span: TimeSpan;
  readonly series: PackSeries;
  readonly nowMs: number;
}

function PeriodLine({ span, series, nowMs }: PeriodLineProps) {
  const words = useWords();
  const sameDay = japanDate(span.fromMs) === japanDate(span.toMs - 1);
  // With two dates neither is left out, not even today's.
  const moment = (atMs: number): string => japanMoment(atMs, sameDay ? nowMs : 0, japanMinute);
  const { count, unit } = largestUnit(series.spacingMs);
  const every = series.spacingMs === 60_000 ? undefined : words.every[unit](fixed(count, 0));
  return (
    <p class="history-period" data-testid="history-period">
      <b>{words.period(moment(span.fromMs), moment(span.toMs))}</b> {words.japanTime}
      <small>{words.resolution(every)}</small>
    </p>
  );
}

interface PackChartProps extends SpanState {
  readonly series: PackSeries;
  readonly events: readonly TimelineEvent[];
  readonly nowMs: number;
}

function PackChart({ series, events, span, set, nowMs }: PackChartProps) {
  const words = useWords();
  const holder = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => ({ series, span }), [series, span]);
  const { pointed, place, remPx } = useHistoryChart(holder, shown, {
    zoom: (factor, about) => set((known) => zoomed(known, factor, about, nowMs)),
    move: (part) => set((known) => moved(known, part, nowMs)),
    dragged: (from, to) =>
      set(({ fromMs, toMs }) => {
        const at = (part: number) => fromMs + part * (toMs - fromMs);
        return allowed({ fromMs: at(from), toMs: at(to) }, nowMs);
      }),
  });
  const keys: Readonly<Record<string, (known: TimeSpan) => TimeSpan>> = {
    ArrowLeft: (known) => moved(known, -0.25, nowMs),
    ArrowRight: (known) => moved(known, 0.25, nowMs),
    '+': (known) => zoomed(known, 0.5, 0.5, nowMs),
    '-': (known) => zoomed(known, 2, 0.5, nowMs),
  };
  return (
    <div
      class="history-figure"
      data-testid="history-chart"
      data-points={series.points.length}
      data-spacing={series.spacingMs / 60_000}
    >
      <PackReadout point={pointed === null ? undefined : series.points[pointed]} nowMs={nowMs} />
      <div class="history-plot">
        <EventStrip events={events} span={span} place={place} remPx={remPx} />
        {/* A picture that keys move: what it shows is said in its label, the values in the file. */}
        <div
          class="history-chart"
          role="application"
          tabIndex={0}
          aria-label={summary(series, span, nowMs, words)}
          ref={holder}
          onKeyDown={(event) => {
            const change = keys[event.key];
            if (change === undefined) return;
            event.preventDefault();
            set(change);
          }}
        />
      </div>
      <ul class="trend-key">
        <li>
          <LineSample kind="pressure" />
          {words.pressure}
        </li>
        <li>
          <LineSample kind="total" />
          {words.usable}
        </li>
        <li>{words.band}</li>
        <li>
          <span class="gap-sample" aria-hidden="true" />
          {words.gap}
        </li>
        <li>
          <span class="thin-sample" aria-hidden="true" />
          {words.thin}
        </li>
      </ul>
    </div>
  );
}

function summary(
  { points, gaps }: PackSeries,
  span: TimeSpan,
  nowMs: number,
  words: ReturnType<typeof useWords>,
): string {
  const range = (values: readonly (number | null)[], format: (value: number) => string) => {
    const found = extent(values);
    return found === undefined
      ? words.unknown
      : words.least(format(found.least), format(found.most));
  };
  return words.summary(
    japanMoment(span.fromMs, nowMs, japanMinute),
    japanMoment(span.toMs, nowMs, japanMinute),
    range(
      points.flatMap((point) => [point.pressureLeastMpa, point.pressureMostMpa]),
      pressureText,
    ),
    range(
      points.map(({ usableKg }) => usableKg),
      massText,
    ),
    gaps.length,
  );
}
