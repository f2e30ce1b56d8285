import { useState } from 'preact/hooks';
import { packPath } from '../link/paths.ts';
import { calibrationFields } from './forms.ts';
import { aboutPack, type PackFormProps } from './pack-forms.tsx';
import { emptyRow, type PointRow, readPoints } from './points.ts';
import type { Errors, MoreReading } from './use-form.ts';
import { personField, WorkForm } from './work-form.tsx';
import { useWords, type Words } from './words/words.ts';

/** The contract's bound (gateway/contract/pack-records.ts). */
const mostRows = 50;

export function CalibrationForm({ pack, nowMs, close }: PackFormProps) {
  const words = useWords();
  const [rows, setRows] = useState<readonly PointRow[]>([emptyRow, emptyRow, emptyRow]);
  return (
    <WorkForm
      title={words.calibration.title}
      explain={words.calibration.explain}
      about={aboutPack(words, pack)}
      fields={[...calibrationFields(words, nowMs), personField(words)]}
      path={packPath(pack, 'calibrations')}
      identified
      more={(body) => withPoints(body, rows, words)}
      moreNames={rows.map((_, index) => `points.${index}`)}
      extra={(errors) => <PointsTable rows={rows} errors={errors} change={setRows} />}
      close={close}
    />
  );
}

function withPoints(
  body: Record<string, unknown>,
  rows: readonly PointRow[],
  words: Words,
): MoreReading {
  const reading = readPoints(rows);
  if (reading.kind === 'points') return { kind: 'body', body: { ...body, points: reading.points } };
  const said = { half: words.calibration.half, 'not-a-number': words.mistake['not-a-number'] };
  const errors = Object.fromEntries(
    Object.entries(reading.rows).map(([index, mistake]) => [
      `points.${index}`,
      { text: said[mistake], english: false },
    ]),
  );
  return { kind: 'errors', errors };
}

interface PointsTableProps {
  readonly rows: readonly PointRow[];
  readonly errors: Errors;
  readonly change: (rows: readonly PointRow[]) => void;
}

function PointsTable({ rows, errors, change }: PointsTableProps) {
  const words = useWords().calibration;
  const set = (index: number, part: Partial<PointRow>): void =>
    change(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <fieldset class="field points">
      <legend>{words.points}</legend>
      <p class="field-hint">{words.pointsHint}</p>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{words.shown} MPa</th>
            <th scope="col">{words.reference} MPa</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <PointLine
              // Rows have no identity but their place.
              key={index}
              number={index + 1}
              row={row}
              error={errors[`points.${index}`]}
              set={(part) => set(index, part)}
            />
          ))}
        </tbody>
      </table>
      {rows.length >= mostRows ? null : (
        <button type="button" onClick={() => change([...rows, emptyRow])}>
          {words.more}
        </button>
      )}
    </fieldset>
  );
}

interface PointLineProps {
  readonly number: number;
  readonly row: PointRow;
  readonly error: Errors[string] | undefined;
  readonly set: (part: Partial<PointRow>) => void;
}

function PointLine({ number, row, error, set }: PointLineProps) {
  const words = useWords().calibration;
  const input = (column: 'shownMpa' | 'referenceMpa', label: string) => (
    <td>
      <input
        type="text"
        inputMode="decimal"
        autocomplete="off"
        maxLength={20}
        name={`points.${number - 1}.${column}`}
        aria-label={`${words.point(number)} ${label}`}
        aria-invalid={error !== undefined}
        value={row[column]}
        onInput={(event) => set({ [column]: event.currentTarget.value })}
      />
    </td>
  );
  return (
    <>
      <tr>
        <th scope="row">{words.point(number)}</th>
        {input('shownMpa', words.shown)}
        {input('referenceMpa', words.reference)}
      </tr>
      {error === undefined ? null : (
        <tr>
          <td colSpan={3} class="field-error" lang={error.english ? 'en' : undefined}>
            {error.text}
          </td>
        </tr>
      )}
    </>
  );
}
