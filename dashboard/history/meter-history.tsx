import { useMemo, useState } from 'preact/hooks';
import type { Meter } from '#gateway/contract';
import { energyText, japanDate } from '../format.ts';
import { intervalsPath } from '../link/paths.ts';
import { fetchText } from '../link/send.ts';
import { partsOf } from '../plant/meters.ts';
import { useTexts } from '../texts/texts.ts';
import type { TimeSpan } from '../trend/shape.ts';
import { readIntervals } from './answers.ts';
import { barsOf } from './bars.ts';
import { BarFigure } from './bar-figure.tsx';
import { type Bar, meterCsv } from './csv.ts';
import { EventList } from './event-strip.tsx';
import { eventsIn } from './events.ts';
import { type BarLength, barLengths, pageAt, pageBeside } from './meter-span.ts';
import { saveText } from './save.ts';
import { eventsOfMeter } from './tell-events.ts';
import { useReading } from './use-reading.ts';
import { useWords } from './words/words.ts';

interface MeterHistoryProps {
  readonly meters: readonly Meter[];
  readonly nowMs: number;
  readonly heard: boolean;
}

/** What registers counted, in bars of half hours, days or months of Japan time. */
export function MeterHistory({ meters, nowMs, heard }: MeterHistoryProps) {
  const [key, setKey] = useState(meters[0]?.meter);
  const texts = useTexts();
  const words = useWords();
  const meter = meters.find((each) => each.meter === key);
  if (meter === undefined) return <p>{words.empty}</p>;
  return (
    <>
      {meters.length === 1 ? null : (
        <div class="span-bar">
          <div role="group" aria-label={words.meter.register}>
            {meters.map((each) => (
              <button
                key={each.meter}
                type="button"
                aria-pressed={each.meter === key}
                onClick={() => setKey(each.meter)}
              >
                {texts.meter.quantity(partsOf(each).quantity)}
              </button>
            ))}
          </div>
        </div>
      )}
      <RegisterHistory key={meter.meter} meter={meter} nowMs={nowMs} heard={heard} />
    </>
  );
}

interface RegisterHistoryProps {
  readonly meter: Meter;
  readonly nowMs: number;
  readonly heard: boolean;
}

function RegisterHistory({ meter, nowMs, heard }: RegisterHistoryProps) {
  const words = useWords();
  const texts = useTexts();
  const [{ length, page }, setShown] = useState(() => first('30m', nowMs));
  const { fromMs, toMs } = page;
  const minute = Math.floor(nowMs / 60_000);
  // A page that has ended changes only when somebody states something: reading it every minute is enough for that, too.
  const reading = useReading(`${fromMs} ${length} ${minute} ${String(heard)}`, () =>
    readBars(meter, length, page, nowMs),
  );
  const told = useReading(`${String(heard)} ${texts.language.code} ${minute}`, () =>
    eventsOfMeter(meter, { words, texts }),
  );
  const events = useMemo(() => eventsIn(told.value?.events ?? [], page), [told.value, page]);
  // Bars of another length or page stay unseen until those of this one have come.
  const bars =
    reading.value?.length === length
      ? reading.value.bars.filter((bar) => bar.start >= fromMs && bar.start < toMs)
      : [];
  return (
    <>
      <BarBar length={length} page={page} nowMs={nowMs} set={setShown} />
      <p class="history-period" data-testid="history-period">
        <b>{periodText(length, page)}</b> {words.japanTime}
        <small data-testid="history-total">
          {words.meter.total(energyText(bars.reduce((sum, { wh }) => sum + wh, 0)))}
        </small>
      </p>
      <BarFigure bars={bars} page={page} events={events} length={length} />
      <p class="history-note" role="status" data-testid="history-note">
        {heard ? (reading.failed ? words.failed : '') : words.old}
      </p>
      <EventList told={told.value} events={events} nowMs={nowMs} />
      <div class="history-save">
        <button
          type="button"
          data-testid="history-csv"
          onClick={() =>
            saveText(`${meter.meter.replaceAll('/', '_')}_${length}.csv`, meterCsv(bars, events))
          }
        >
          {words.csv}
        </button>
        <small>{words.csvHint}</small>
      </div>
    </>
  );
}

interface ShownPage {
  readonly length: BarLength;
  readonly page: TimeSpan;
}

const first = (length: BarLength, nowMs: number): ShownPage => ({
  length,
  page: pageAt(length, nowMs),
});

async function readBars(
  { meter }: Meter,
  resolution: BarLength,
  page: TimeSpan,
  nowMs: number,
): Promise<{ readonly length: BarLength; readonly bars: Bar[] } | undefined> {
  const toMs = Math.min(page.toMs, Math.floor(nowMs) + 1);
  const text = await fetchText(intervalsPath({ meter, fromMs: page.fromMs, toMs, resolution }));
  const answer = readIntervals(text);
  return answer === undefined
    ? undefined
    : { length: resolution, bars: barsOf(answer.items, nowMs) };
}

function periodText(length: BarLength, { fromMs, toMs }: TimeSpan): string {
  const date = japanDate(fromMs);
  if (length === '30m') return date;
  return length === '1d'
    ? date.slice(0, 7)
    : `${date.slice(0, 7)} – ${japanDate(toMs - 1).slice(0, 7)}`;
}

interface BarBarProps extends ShownPage {
  readonly nowMs: number;
  readonly set: (shown: ShownPage) => void;
}

function BarBar({ length, page, nowMs, set }: BarBarProps) {
  const words = useWords();
  const go = (by: -1 | 1) => set({ length, page: pageBeside(length, page, by) });
  return (
    <div class="span-bar">
      <div role="group" aria-label={words.meter.resolutionLabel}>
        {barLengths.map((each) => (
          <button
            key={each}
            type="button"
            data-testid={`bars-${each}`}
            aria-pressed={each === length}
            onClick={() => set(first(each, nowMs))}
          >
            {words.meter.resolution[each]}
          </button>
        ))}
      </div>
      <div>
        <button type="button" aria-label={words.back} onClick={() => go(-1)}>
          ◀
        </button>
        <button
          type="button"
          aria-label={words.forth}
          disabled={page.toMs > nowMs}
          onClick={() => go(1)}
        >
          ▶
        </button>
      </div>
    </div>
  );
}
