/** The gateway takes as much (gateway/http/energy/meter-readings.ts). */
const mostBytes = 512 * 1024;

export type TableMistake = 'missing' | 'too-large' | 'unreadable';

export type Table =
  | { readonly kind: 'table'; readonly text: string }
  | { readonly kind: TableMistake };

/** The text of a chosen file. Never rejects. */
export async function readTableFile(file: Blob | undefined): Promise<Table> {
  if (file === undefined) return { kind: 'missing' };
  if (file.size > mostBytes) return { kind: 'too-large' };
  try {
    return { kind: 'table', text: await file.text() };
  } catch {
    return { kind: 'unreadable' };
  }
}
