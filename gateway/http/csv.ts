/** A record of CSV (RFC 4180): nothing for a null. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Text that people wrote, as a cell a spreadsheet shows and does not run: a leading `=`, `+`, `-`, `@`, tab or line end
 * begins a formula there (OWASP, "CSV Injection"; the full-width forms too in Japanese editions), an apostrophe before it
 * makes it text.
 */
export function textCell(text: string): string {
  return /^[\s]*[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
}

/** Before the first line: without it spreadsheets read Japanese as something else. */
export const utf8Mark = '\uFEFF';

const japanOffsetMs = 9 * 3_600_000;

/** ISO 8601 with +09:00; Japan has no summer time. */
export function japanTime(ms: number): string {
  return new Date(ms + japanOffsetMs).toISOString().replace('Z', '+09:00');
}
