import {
  fixed,
  japanMinute,
  japanMoment,
  massText,
  massUncertaintyText,
  pressureText,
} from '../format.ts';
import { useTexts } from '../texts/texts.ts';
import type { Drawn } from './series.ts';
import { useWords } from './words/words.ts';

interface PackReadoutProps {
  readonly point: Drawn | undefined;
  readonly nowMs: number;
}

/** The values under the cursor. Its room is kept, so that the chart does not move when they come. */
export function PackReadout({ point, nowMs }: PackReadoutProps) {
  const words = useWords();
  const texts = useTexts();
  if (point === undefined) return <p class="history-readout" />;
  const { pressureMpa, pressureLeastMpa, pressureMostMpa, usableKg, uncertaintyKg } = point;
  const range =
    pressureLeastMpa === null || pressureMostMpa === null || pressureLeastMpa === pressureMostMpa
      ? ''
      : `（${words.least(pressureText(pressureLeastMpa), pressureText(pressureMostMpa))}）`;
  const plusMinus = uncertaintyKg === null ? '' : ` ± ${massUncertaintyText(uncertaintyKg)}`;
  const missing = point.knownMinutes < point.minutes && pressureMpa !== null;
  return (
    <p class="history-readout">
      <b>{japanMoment(point.fromMs, nowMs, japanMinute)}</b>
      <span>
        {words.pressure} <b>{pressureMpa === null ? words.unknown : pressureText(pressureMpa)}</b>
        {range}
      </span>
      <span>
        {words.usable} <b>{usableKg === null ? words.unknown : massText(usableKg)}</b>
        {plusMinus}
      </span>
      {point.why === undefined ? null : <span>{texts.why[point.why]}</span>}
      {missing ? (
        <span>{words.known(fixed(point.knownMinutes, 0), fixed(point.minutes, 0))}</span>
      ) : null}
    </p>
  );
}
