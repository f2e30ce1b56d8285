import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { energyText, fixed, japanDate, japanMinute } from '../format.ts';
import { letterPx } from '../trend/chart.ts';
import type { TimeSpan } from '../trend/shape.ts';
import { createBarChart, type ShownBars } from './bar-chart.ts';
import type { Bar } from './csv.ts';
import { EventStrip, isSamePlace, type PlotPlace } from './event-strip.tsx';
import type { TimelineEvent } from './events.ts';
import type { BarLength } from './meter-span.ts';
import { useWords } from './words/words.ts';

interface BarFigureProps {
  readonly bars: readonly Bar[];
  readonly page: TimeSpan;
  readonly events: readonly TimelineEvent[];
  readonly length: BarLength;
}

/** The bars, what happened over them, and the values of the one pointed at. */
export function BarFigure({ bars, page, events, length }: BarFigureProps) {
  const words = useWords();
  const holder = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => ({ bars, span: page }), [bars, page]);
  const { pointed, place, remPx } = useBarChart(holder, shown);
  const total = bars.reduce((sum, { wh }) => sum + wh, 0);
  return (
    <div class="history-figure" data-testid="history-chart" data-points={bars.length}>
      <BarReadout bar={pointed === null ? undefined : bars[pointed]} length={length} />
      <div class="history-plot">
        <EventStrip events={events} span={page} place={place} remPx={remPx} />
        <div
          class="history-chart"
          role="img"
          aria-label={words.meter.summary(
            japanDate(page.fromMs),
            japanDate(page.toMs - 1),
            energyText(total),
          )}
          ref={holder}
        />
      </div>
      <ul class="trend-key">
        <li>
          <span class="bar-sample" aria-hidden="true" />
          {words.meter.energy}
        </li>
        <li>
          <span class="bar-sample bar-sample-partial" aria-hidden="true" />
          {words.meter.partial}
        </li>
      </ul>
    </div>
  );
}

function BarReadout({
  bar,
  length,
}: {
  readonly bar: Bar | undefined;
  readonly length: BarLength;
}) {
  const { meter: words } = useWords();
  if (bar === undefined) return <p class="history-readout" />;
  const { start, end, wh, unallocatedWh, coveredPercent, revision } = bar;
  const date = japanDate(start);
  const when = {
    '30m': `${japanMinute(start)}–${japanMinute(end)}`,
    '1d': date,
    '1mo': date.slice(0, 7),
  }[length];
  return (
    <p class="history-readout">
      <b>{when}</b>
      <span>
        {words.energy} <b>{energyText(wh)}</b>
      </span>
      {coveredPercent < 100 ? <span>{words.covered(fixed(coveredPercent, 0))}</span> : null}
      {unallocatedWh === 0 ? null : <span>{words.unallocated(energyText(unallocatedWh))}</span>}
      <span>{revision === 0 ? words.running : words.settled}</span>
    </p>
  );
}

function useBarChart(holder: { readonly current: HTMLDivElement | null }, shown: ShownBars) {
  const chart = useRef<ReturnType<typeof createBarChart>>(undefined);
  const latest = useRef(shown);
  const [pointed, setPointed] = useState<number | null>(null);
  const [place, setPlace] = useState<PlotPlace>({ left: 0, width: 1, height: 0 });
  const [remPx, setRemPx] = useState(letterPx);
  latest.current = shown;
  useEffect(() => {
    const element = holder.current;
    if (element === null) return undefined;
    const made = createBarChart(element, remPx, latest.current, {
      pointed: setPointed,
      placed: (next) => setPlace((known) => (isSamePlace(known, next) ? known : next)),
    });
    chart.current = made;
    const sizes = new ResizeObserver(() => {
      setRemPx(letterPx());
      made.resize(element.clientWidth, element.clientHeight);
    });
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
    };
  }, [holder, remPx]);
  useEffect(() => chart.current?.show(shown), [shown]);
  return { pointed, place, remPx };
}
