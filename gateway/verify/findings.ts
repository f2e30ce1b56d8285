/** Something that is not as it has to be, and its place. */
export interface Finding {
  readonly file: string;
  /** As a spreadsheet counts: the line of column names is 1. Absent where it is about the whole file. */
  readonly row?: number | undefined;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** So many are kept to be printed; the others are counted. */
const mostKept = 200;
const mostCharacters = 200;

export class Findings {
  readonly kept: Finding[] = [];
  count = 0;

  add(finding: Finding): void {
    this.count += 1;
    if (this.kept.length >= mostKept) return;
    const { expected, found } = finding;
    this.kept.push({ ...finding, expected: short(expected), found: short(found) });
  }

  /** Adds a finding where the two differ. */
  equal(
    place: { readonly file: string; readonly row?: number | undefined },
    what: string,
    expected: string,
    found: string,
  ): void {
    if (expected !== found) this.add({ ...place, what, expected, found });
  }
}

/** On one line, without what could steer a terminal. */
function short(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '�');
  return plain.length > mostCharacters ? `${plain.slice(0, mostCharacters)}…` : plain;
}
