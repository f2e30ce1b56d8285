import { useState } from 'preact/hooks';
import { meterReadingsPath } from '../link/paths.ts';
import { sendTable } from '../link/send.ts';
import { readMeterReadings } from './meter-answers.ts';
import { useMeterNames } from './meter-names.ts';
import type { MeterFormProps } from './meter-reading-form.tsx';
import { type Table, type TableMistake, readTableFile } from './table-file.ts';
import type { Errors, MoreReading } from './use-form.ts';
import { WorkForm } from './work-form.tsx';
import { useWords, type Words } from './words/words.ts';

const name = 'table';

/** Many displays at once. Each row names who read it. */
export function ReadingTableForm({ meters, close }: MeterFormProps) {
  const words = useWords();
  const { table } = words.meter;
  const [read, setRead] = useState<Table>({ kind: 'missing' });
  return (
    <WorkForm
      title={table.title}
      explain={table.explain}
      about={words.meter.about}
      fields={[]}
      path={meterReadingsPath}
      identified={false}
      more={() => bodyOf(read, words)}
      post={(path, body) => sendTable(path, String(body[name]))}
      extra={(errors) => <TableInput meters={meters} errors={errors} change={setRead} />}
      done={(answer) => <p data-testid="taken">{takenText(words, answer)}</p>}
      close={close}
    />
  );
}

function bodyOf(read: Table, { meter }: Words): MoreReading {
  if (read.kind === 'table') return { kind: 'body', body: { [name]: read.text } };
  const said: Readonly<Record<TableMistake, string>> = {
    missing: meter.table.missing,
    'too-large': meter.table.tooLarge,
    unreadable: meter.table.unreadable,
  };
  return { kind: 'errors', errors: { [name]: { text: said[read.kind], english: false } } };
}

function takenText({ meter: { table } }: Words, answer: string): string {
  const taken = readMeterReadings(answer);
  if (taken === undefined) return '';
  const apart = taken.filter(({ metered }) => metered?.agrees === false).length;
  return `${table.taken(taken.length)}${apart === 0 ? '' : ` ${table.disagree(apart)}`}`;
}

interface TableInputProps {
  readonly meters: MeterFormProps['meters'];
  readonly errors: Errors;
  readonly change: (read: Table) => void;
}

function TableInput({ meters, errors, change }: TableInputProps) {
  const words = useWords().meter.table;
  const names = useMeterNames(meters);
  const error = errors[name];
  return (
    <div class="field">
      <label for="reading-table">{words.file}</label>
      <input
        id="reading-table"
        type="file"
        name={name}
        accept=".csv,text/csv"
        aria-invalid={error !== undefined}
        aria-describedby="reading-table-hint reading-table-error"
        onChange={(event) => void readTableFile(event.currentTarget.files?.[0]).then(change)}
      />
      <p class="field-hint" id="reading-table-hint">
        {words.fileHint}
      </p>
      <ul class="field-hint meter-names">
        {names.map(([key, each]) => (
          <li key={key}>
            <code>{key}</code> {each}
          </li>
        ))}
      </ul>
      <p class="field-error" id="reading-table-error" data-testid={`error-${name}`}>
        {error?.text}
      </p>
    </div>
  );
}
