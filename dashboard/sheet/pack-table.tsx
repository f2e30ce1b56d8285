import type { Pack } from '#gateway/contract';
import {
  fixed,
  japanMinute,
  massText,
  massUncertaintyText,
  pressureText,
  temperatureText,
} from '../format.ts';
import { type Drawn, packSeries } from '../history/series.ts';
import { useReading } from '../history/use-reading.ts';
import { readHistory } from '../link/browser.ts';
import { useTexts } from '../texts/texts.ts';
import type { TimeSpan } from '../trend/shape.ts';
import { useWords } from './words/words.ts';

interface PackTableProps {
  readonly pack: Pack;
  readonly day: TimeSpan;
  readonly nowMs: number;
}

const hourMs = 3_600_000;
const hours = 24;

/** A pack hour by hour. */
export function PackTable({ pack, day, nowMs }: PackTableProps) {
  const words = useWords();
  const { value, failed } = useReading(String(Math.floor(nowMs / hourMs)), () =>
    readHours(pack, day),
  );
  return (
    <section class="sheet-pack">
      <h3>{pack.name}</h3>
      {value === undefined ? (
        <p role="status">{failed ? words.failed : words.loading}</p>
      ) : (
        <table data-testid={`sheet-${pack.id}`}>
          <thead>
            <tr>
              <th scope="col">{words.hour}</th>
              <th scope="col">{words.pressure}</th>
              <th scope="col">{words.usable}</th>
              <th scope="col">{words.temperature}</th>
              <th scope="col">{words.state}</th>
            </tr>
          </thead>
          <tbody>
            {value.map((hour) => (
              <HourRow key={hour.fromMs} hour={hour} />
            ))}
          </tbody>
        </table>
      )}
      <p class="sheet-note">{words.hourly}</p>
    </section>
  );
}

function HourRow({ hour }: { readonly hour: Drawn }) {
  const words = useWords();
  const texts = useTexts();
  const { pressureMpa, pressureLeastMpa, pressureMostMpa, usableKg, uncertaintyKg } = hour;
  const range =
    pressureLeastMpa === null || pressureMostMpa === null
      ? ''
      : words.span(pressureText(pressureLeastMpa), pressureText(pressureMostMpa));
  const plusMinus = uncertaintyKg === null ? '' : ` ± ${massUncertaintyText(uncertaintyKg)}`;
  const short = hour.knownMinutes < hour.minutes;
  return (
    <tr>
      <th scope="row">{japanMinute(hour.toMs).replace('00:00', '24:00')}</th>
      <td>
        {pressureMpa === null ? words.unknown : pressureText(pressureMpa)} <small>{range}</small>
      </td>
      <td>{usableKg === null ? words.unknown : `${massText(usableKg)}${plusMinus}`}</td>
      <td>{hour.temperatureC === null ? words.unknown : temperatureText(hour.temperatureC)}</td>
      <td>
        {texts.standing[pressureMpa === null ? 'bad' : hour.quality]}
        {short ? ` (${words.partial(fixed(hour.knownMinutes, 0), fixed(hour.minutes, 0))})` : ''}
        {hour.why === undefined ? '' : ` ${texts.why[hour.why]}`}
      </td>
    </tr>
  );
}

async function readHours(pack: Pack, day: TimeSpan): Promise<readonly Drawn[] | undefined> {
  const answer = await readHistory({ site: pack.site, pack: pack.id, points: hours, ...day });
  if (answer.kind === 'failed') return undefined;
  return packSeries(answer.points, day, hourMs).points;
}
