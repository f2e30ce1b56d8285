import type { TableMistake } from '#gateway/contract';

type Say = (first: string, second: string) => string;

const words: Readonly<Record<TableMistake['code'], Say>> = {
  'quote-open': () => 'A quotation mark is not closed.',
  'column-missing': (column) => `The first line has no column ${column}.`,
  'column-odd': (column) =>
    `"${column}" in the first line is no known column, or stands there twice.`,
  'rows-none': () => 'There are no rows below the first line.',
  'rows-many': (rows, most) => `There are ${rows} rows; at most ${most} are taken at once.`,
  'cells-count': (cells, columns) => `${cells} columns, where the first line has ${columns}.`,
  'meter-unknown': () => 'No such meter. Write one of the names below.',
  'time-format': () => 'Not readable as a time. Write it as 2026-04-01T09:00:00+09:00.',
  'time-ahead': () => 'This time lies in the future.',
  'time-early': () => 'This time lies before 2020.',
  'wh-format': () => 'Write whole Wh from 0 up, without decimals or separators.',
  'by-format': () => 'Write who read it, in at most 100 letters.',
  'photo-format': () => 'Write the SHA-256 of the photograph (64 hexadecimal digits), or nothing.',
  'row-twice': (row) => `The same meter and time as row ${row}.`,
  'read-already': (by, wh) => `${by} recorded ${wh} Wh at this very time.`,
};

/** What is wrong with a table, and in which cell: `Row 3, wh: …`. */
export function tableMistakeEn({
  code,
  row,
  column,
  told: [first = '', second = ''],
}: TableMistake) {
  const place = [row === null ? '' : `Row ${row}`, column ?? ''].filter(Boolean).join(', ');
  return `${place === '' ? '' : `${place}: `}${words[code](first, second)}`;
}
