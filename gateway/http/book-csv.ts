import type { BookLine } from '#gateway/contract';
import { csvLine, japanTime, textCell, utf8Mark } from './csv.ts';

const columns = [
  'at',
  'pack',
  'origin',
  'entry',
  'serial',
  'kg',
  'expandedUncertaintyKg',
  'reference',
  'by',
] as const;

/** The book as a spreadsheet reads it: times in Japan time, nothing where an amount is not known. */
export function bookCsv(lines: readonly BookLine[]): string {
  return `${utf8Mark}${csvLine(columns)}${lines.map(record).join('')}`;
}

function record(line: BookLine): string {
  return csvLine(
    columns.map((column) => {
      const value = line[column];
      if (column === 'at') return japanTime(line.at);
      return typeof value === 'string' ? textCell(value) : value;
    }),
  );
}
