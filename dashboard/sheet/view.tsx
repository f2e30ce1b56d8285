import { useState } from 'preact/hooks';
import type { LivePlant, Meter } from '#gateway/contract';
import { pageAt, pageBeside } from '../history/meter-span.ts';
import { isNewest } from '../history/span.ts';
import { japanDate, japanMinute, japanMoment } from '../format.ts';
import { AlarmTable } from './alarm-table.tsx';
import { EnergyTable } from './energy-table.tsx';
import { PackTable } from './pack-table.tsx';
import { useWords } from './words/words.ts';

interface SheetProps {
  readonly plant: LivePlant;
  readonly meters: readonly Meter[];
  readonly heard: boolean;
  readonly gatewayNowMs: number;
  readonly close: () => void;
}

/** One day on paper: every pack by the hour, every register, what was alarmed, and room to sign. */
export function DaySheet({ plant, meters, heard, gatewayNowMs, close }: SheetProps) {
  const words = useWords();
  const [day, setDay] = useState(() => pageAt('30m', gatewayNowMs));
  const common = { day, nowMs: gatewayNowMs };
  return (
    <div class="sheet" data-testid="day-sheet">
      <div class="sheet-tools">
        <button
          type="button"
          aria-label={words.before}
          onClick={() => setDay(pageBeside('30m', day, -1))}
        >
          ◀
        </button>
        <button
          type="button"
          aria-label={words.after}
          disabled={isNewest(day, gatewayNowMs)}
          onClick={() => setDay(pageBeside('30m', day, 1))}
        >
          ▶
        </button>
        <button
          type="button"
          class="main-button"
          data-testid="print"
          onClick={() => window.print()}
        >
          {words.print}
        </button>
        <button type="button" onClick={close}>
          {words.close}
        </button>
      </div>
      <header class="sheet-head">
        <h2>
          {words.title} {japanDate(day.fromMs)}
        </h2>
        <p>{plant.sites.map((site) => site.name).join(' · ')}</p>
        <p>{words.printed(japanMoment(gatewayNowMs, 0, japanMinute))}</p>
        {heard ? null : <p class="sheet-old">{words.old}</p>}
      </header>
      {plant.packs.map((pack) => (
        <PackTable {...common} key={`${pack.site}/${pack.id} ${day.fromMs}`} pack={pack} />
      ))}
      {meters.length === 0 ? null : <EnergyTable {...common} key={day.fromMs} meters={meters} />}
      <AlarmTable {...common} plant={plant} />
      <section class="sheet-sign">
        <h3>{words.remarks}</h3>
        <div class="sheet-room" />
        <h3>{words.checked}</h3>
        <div class="sheet-room" />
      </section>
    </div>
  );
}
