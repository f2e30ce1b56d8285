import { useMemo, useRef } from 'preact/hooks';
import { japanMinute, massText, pressureText } from '../format.ts';
import type { PackMemory } from '../plant/state.ts';
import { type Texts, useTexts } from '../texts/texts.ts';
import { LineSample } from './line-sample.tsx';
import { extent, historyTrendPoint, shapeTrend, type Trend } from './shape.ts';
import { useChart } from './use-chart.ts';
import { trendSpanMs, trendSpacingMs } from './window.ts';

export interface TrendProps {
  readonly memory: PackMemory;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** The right edge moves in steps: redrawing every second would move nothing that can be seen. */
const edgeStepMs = 10_000;

/** Pressure and total mass of the last 24 hours. */
export function TrendPanel({ memory, heard, gatewayNowMs }: TrendProps) {
  const texts = useTexts();
  const edgeMs = Math.ceil(gatewayNowMs / edgeStepMs) * edgeStepMs;
  const { history, tail } = memory;
  const trend = useMemo(() => {
    const span = { fromMs: edgeMs - trendSpanMs, toMs: edgeMs };
    return shapeTrend((history?.points ?? []).map(historyTrendPoint), tail, span, trendSpacingMs);
  }, [history, tail, edgeMs]);
  return (
    <>
      <TrendChart trend={trend} />
      <p class="trend-note">{heard ? noteOf(memory, trend, texts) : texts.trend.old}</p>
    </>
  );
}

function TrendChart({ trend }: { readonly trend: Trend }) {
  const texts = useTexts();
  const holder = useRef<HTMLDivElement>(null);
  const pointed = useChart(holder, trend);
  return (
    <>
      <div class="trend-head">
        <h3>{texts.trend.title}</h3>
        <TrendReading trend={trend} index={pointed} />
      </div>
      <div class="trend-chart" role="img" aria-label={summary(trend, texts)} ref={holder} />
    </>
  );
}

/** The key to the lines; under the cursor also their values. */
function TrendReading({ trend, index }: { readonly trend: Trend; readonly index: number | null }) {
  const texts = useTexts();
  const atS = index === null ? undefined : trend.timesS[index];
  const at = (column: readonly (number | null)[], format: (value: number) => string): string => {
    if (index === null || atS === undefined) return '';
    const value = column[index] ?? null;
    return value === null ? texts.trend.unknown : format(value);
  };
  return (
    <ul class="trend-key">
      <li class="trend-time">{atS === undefined ? '' : japanMinute(atS * 1000)}</li>
      <li>
        <LineSample kind="pressure" />
        {texts.trend.pressure} <b>{at(trend.pressureMpa, pressureText)}</b>
      </li>
      <li>
        <LineSample kind="total" />
        {texts.trend.total} <b>{at(trend.totalKg, massText)}</b>
      </li>
      <li>
        <span class="gap-sample" aria-hidden="true" />
        {texts.trend.gap}
      </li>
    </ul>
  );
}

function noteOf({ history }: PackMemory, trend: Trend, texts: Texts): string {
  if (history === undefined) return texts.trend.loading;
  if (history.failed) return texts.trend.failed;
  return extent(trend.pressureMpa) === undefined ? texts.trend.empty : '';
}

function summary(trend: Trend, texts: Texts): string {
  const range = (column: readonly (number | null)[], format: (value: number) => string): string => {
    const found = extent(column);
    if (found === undefined) return texts.trend.unknown;
    return texts.trend.range(format(found.least), format(found.most));
  };
  return texts.trend.summary(
    range(trend.pressureMpa, pressureText),
    range(trend.totalKg, massText),
    trend.gaps.length,
  );
}
