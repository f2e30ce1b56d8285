import type { RecordDesk } from '../records/desk.ts';
import type { RecordBody } from '../records/kinds.ts';
import type { OperatorRecord } from '../store/port.ts';
import { columnAt, fileOf, type TableKind, tableKinds } from './columns.ts';
import { enrolmentFindings, type Finding } from './enrolment.ts';
import { revisionFor } from './entry.ts';
import { japanDateOf } from './japan-date.ts';
import { standing } from './programme.ts';
import {
  at,
  readProgrammeTable,
  type ReadTable,
  type TableEntry,
  type TableMistake,
} from './tables.ts';

/** The tables' texts; one that is left out changes nothing. */
export type ProgrammeTables = { readonly [Kind in TableKind]?: string | undefined };

export type ImportLine =
  | ({ readonly kind: 'mistake' | 'warning' } & TableMistake)
  | {
      readonly kind: 'written';
      readonly what: string;
      readonly id: string;
      readonly revision: number;
    }
  | {
      readonly kind: 'done';
      readonly written: number;
      readonly unchanged: number;
      readonly mistakes: number;
    };

export interface ImportParts {
  readonly desk: RecordDesk;
  readonly by: string;
  readonly nowMs: number;
  /** The configured registers. */
  readonly registers: ReadonlySet<string>;
}

/**
 * Records what the tables say, all of it in one commit or nothing at all. Rows that say what stands already write nothing;
 * others are new revisions. Every mistake is told by file, row and column. Rejects with StoreError.
 */
export function importProgramme(
  parts: ImportParts,
  tables: ProgrammeTables,
): Promise<ImportLine[]> {
  const { desk, by, nowMs, registers } = parts;
  return desk.inTurn(async () => {
    const read = readAll(tables);
    const enrolled = {
      projects: overlaid(desk, 'project', read.project.entries),
      members: overlaid(desk, 'member', read.member.entries),
      devices: overlaid(desk, 'device', read.device.entries),
      meters: overlaid(desk, 'meter', read.meter.entries),
    };
    const findings = enrolmentFindings(enrolled, japanDateOf(nowMs), registers);
    const placed = (weight: Finding['weight']) =>
      findings.flatMap((finding) => (finding.weight === weight ? placeOf(finding, read) : []));
    const mistakes = [...mistakesOf(tables, read), ...placed('wrong')];
    if (mistakes.length > 0) return [...mistakes.map(mistakeLine), done(0, 0, mistakes.length)];
    const entries = tableKinds.flatMap((kind) => entriesOf(read, kind));
    const records = entries.flatMap(
      ({ kind, subject, body }) =>
        revisionFor(desk, { kind, subject, body: { ...body } }, { by, nowMs }) ?? [],
    );
    if (records.length > 0 && (await desk.addAll(records)).kind !== 'added')
      throw new Error('another record stands under the id of a new revision: import again');
    const warnings = placed('warning').map((each) => ({ kind: 'warning' as const, ...each }));
    const count = done(records.length, entries.length - records.length, 0);
    return [...warnings, ...records.map(writtenLine), count];
  });
}

type Read = { readonly [Kind in TableKind]: ReadTable<Kind> };

function readAll(tables: ProgrammeTables): Read {
  const read = <Kind extends TableKind>(kind: Kind): ReadTable<Kind> => {
    const text: string | undefined = tables[kind];
    if (text !== undefined) return readProgrammeTable(kind, text);
    return { entries: [], mistakes: [], broken: new Set() };
  };
  return {
    project: read('project'),
    member: read('member'),
    device: read('device'),
    meter: read('meter'),
  };
}

function mistakesOf(tables: ProgrammeTables, read: Read): TableMistake[] {
  if (tableKinds.some((kind) => tables[kind] !== undefined))
    return tableKinds.flatMap((kind) => read[kind].mistakes);
  const detail = `there is no table: give at least one of ${Object.values(fileOf).join(', ')}`;
  return [{ file: '', row: 0, column: '', value: '', detail }];
}

function entriesOf(read: Read, kind: TableKind): readonly TableEntry[] {
  return read[kind].entries;
}

/** What would stand of a kind: what stands now, with a table's rows in the place of what they replace. */
function overlaid<Kind extends TableKind>(
  desk: RecordDesk,
  kind: Kind,
  entries: readonly TableEntry<Kind>[],
): (RecordBody<Kind> & { readonly id: string })[] {
  const given = new Set(entries.map(({ subject }) => subject));
  return [
    ...standing(desk, kind).filter(({ id }) => !given.has(id)),
    ...entries.map(({ subject: id, body }) => ({ ...body, id })),
  ];
}

const namesOther = new Set(['project', 'member', 'device']);

/** The cell a finding is about; nothing where it only misses a row that has a mistake of its own. */
function placeOf({ kind, id, field, detail }: Finding, read: Read): TableMistake[] {
  const column = columnAt(kind, field);
  const entry = entriesOf(read, kind).find(({ subject }) => subject === id);
  if (entry === undefined) {
    const recorded = `${detail} (${kind} ${id}, recorded before)`;
    return [{ file: fileOf[kind], row: 0, column, value: id, detail: recorded }];
  }
  const other = tableKinds.find((each) => each === field);
  const named = entry.cells[column]?.trim() ?? '';
  if (other !== undefined && namesOther.has(field) && read[other].broken.has(named)) return [];
  return [at(kind, entry, column, detail)];
}

function mistakeLine(mistake: TableMistake): ImportLine {
  return { kind: 'mistake', ...mistake };
}

function writtenLine({ kind, subject: id, id: record }: OperatorRecord): ImportLine {
  const revision = Number(record.slice(record.lastIndexOf('/') + 1));
  return { kind: 'written', what: kind, id, revision };
}

function done(written: number, unchanged: number, mistakes: number): ImportLine {
  return { kind: 'done', written, unchanged, mistakes };
}
