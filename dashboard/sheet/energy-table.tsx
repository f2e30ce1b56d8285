import type { Meter } from '#gateway/contract';
import { energyText, fixed } from '../format.ts';
import { readIntervals } from '../history/answers.ts';
import { barsOf, isKnown } from '../history/bars.ts';
import type { Bar } from '../history/csv.ts';
import { useReading } from '../history/use-reading.ts';
import { intervalsPath } from '../link/paths.ts';
import { fetchText } from '../link/send.ts';
import { partsOf } from '../plant/meters.ts';
import { useTexts } from '../texts/texts.ts';
import type { TimeSpan } from '../trend/shape.ts';
import { useWords } from './words/words.ts';

interface EnergyTableProps {
  readonly meters: readonly Meter[];
  readonly day: TimeSpan;
  readonly nowMs: number;
}

/** What every register counted that day. */
export function EnergyTable({ meters, day, nowMs }: EnergyTableProps) {
  const words = useWords();
  return (
    <section>
      <h3>{words.energy}</h3>
      <table data-testid="sheet-energy">
        <thead>
          <tr>
            <th scope="col">{words.meter}</th>
            <th scope="col">{words.dayEnergy}</th>
            <th scope="col">{words.covered}</th>
            <th scope="col">{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {meters.map((meter) => (
            <RegisterRow key={meter.meter} meter={meter} day={day} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RegisterRowProps {
  readonly meter: Meter;
  readonly day: TimeSpan;
  readonly nowMs: number;
}

function RegisterRow({ meter, day, nowMs }: RegisterRowProps) {
  const words = useWords();
  const texts = useTexts();
  const { value, failed } = useReading('', () => readDay(meter, day, nowMs));
  const [bar] = value ?? [];
  const known = bar !== undefined && isKnown(bar);
  return (
    <tr>
      <th scope="row">
        {meter.name} {texts.meter.quantity(partsOf(meter).quantity)}
      </th>
      <td>
        {value === undefined ? (failed ? words.failed : words.loading) : ''}
        {value === undefined ? null : known ? energyText(bar.wh) : words.unknown}
      </td>
      <td>{bar === undefined ? '' : `${fixed(bar.coveredPercent, 0)} %`}</td>
      <td>
        {bar === undefined
          ? ''
          : words.stateOf(texts.standing[bar.quality], bar.revision === 0 ? 'running' : 'settled')}
      </td>
    </tr>
  );
}

async function readDay({ meter }: Meter, day: TimeSpan, nowMs: number): Promise<Bar[] | undefined> {
  const toMs = Math.min(day.toMs, Math.floor(nowMs) + 1);
  const query = { meter, fromMs: day.fromMs, toMs, resolution: '1d' };
  const answer = readIntervals(await fetchText(intervalsPath(query)));
  return answer === undefined ? undefined : barsOf(answer.items, nowMs);
}
