import type { KnownRecord, RecordDesk } from '../records/desk.ts';
import type { RecordBody } from '../records/kinds.ts';
import { programmeSite, type ProgrammeKind } from '../records/programme-kinds.ts';
import { japanDateMs, yearsLater } from './japan-date.ts';

/** What stands under an id: the last revision, how many there were, and who recorded it when. */
export type Standing<Kind extends ProgrammeKind> = RecordBody<Kind> & {
  readonly id: string;
  /** 1 at first. */
  readonly revision: number;
  readonly recordedAt: number;
  readonly by: string;
};
export type Project = Standing<'project'>;
export type Device = Standing<'device'>;
export type ProgrammeMeter = Standing<'meter'>;
export type Factor = Standing<'factor'>;
export type Confirmation = Standing<'methodology-confirmation'>;
export type Member = Standing<'member'> & {
  /** In which reductions count, half-open, epoch ms; empty (`from` = `to`) where it never begins. */
  readonly window: { readonly from: number; readonly to: number };
};

/** Everything a programme consists of, as the records say now; lists are ordered by id. */
export interface Programme {
  /** Rises with every record of any kind. */
  readonly version: number;
  readonly projects: readonly Project[];
  readonly members: readonly Member[];
  readonly devices: readonly Device[];
  readonly meters: readonly ProgrammeMeter[];
  /** Entered rows; the id is `{class}/{fiscalYear}/{symbol}`. */
  readonly factors: readonly Factor[];
  /** The id is the methodology. */
  readonly confirmations: readonly Confirmation[];
}

/** Of one project. */
export interface ProjectPart {
  readonly project: Project;
  readonly members: readonly Member[];
  readonly devices: readonly Device[];
  readonly meters: readonly ProgrammeMeter[];
}

const made = new WeakMap<RecordDesk, Programme>();

/** Reads the programme from the records; made once for every change of them. */
export function programmeOf(desk: RecordDesk): Programme {
  const before = made.get(desk);
  if (before !== undefined && before.version === desk.version) return before;
  const projects = standing(desk, 'project');
  const projectOf = new Map(projects.map((project) => [project.id, project]));
  const members = standing(desk, 'member').map((member) => ({
    ...member,
    window: windowOf(member, projectOf.get(member.project)),
  }));
  const programme = {
    version: desk.version,
    projects,
    members,
    devices: standing(desk, 'device'),
    meters: standing(desk, 'meter'),
    factors: standing(desk, 'factor'),
    confirmations: standing(desk, 'methodology-confirmation'),
  };
  made.set(desk, programme);
  return programme;
}

/** The part of a programme that belongs to one project; undefined where there is no such project. */
export function projectPart(programme: Programme, id: string): ProjectPart | undefined {
  const project = programme.projects.find((each) => each.id === id);
  if (project === undefined) return undefined;
  const members = programme.members.filter((member) => member.project === id);
  const ids = new Set(members.map((member) => member.id));
  const ofMember = (each: { readonly member: string }): boolean => ids.has(each.member);
  return {
    project,
    members,
    devices: programme.devices.filter(ofMember),
    meters: programme.meters.filter(ofMember),
  };
}

/** A member is counted for eight years at most (facts/jcredit.md, "Periods and rounding"). */
const mostYears = 8;

/**
 * The window of a member: from the latest of the project's application, admission and complete monitoring, for eight
 * years at most or until the member left. A project that nobody recorded gives an empty one.
 */
export function windowOf(
  member: Pick<RecordBody<'member'>, 'admittedOn' | 'monitoredFrom' | 'leftOn'>,
  project: Pick<RecordBody<'project'>, 'appliedOn'> | undefined,
): Member['window'] {
  if (project === undefined) return { from: 0, to: 0 };
  const dates = [project.appliedOn, member.admittedOn, member.monitoredFrom ?? ''];
  const begins = dates.toSorted().at(-1) ?? member.admittedOn;
  const ends = [yearsLater(begins, mostYears), member.leftOn ?? '9999-12-31'].toSorted()[0];
  const from = japanDateMs(begins);
  return { from, to: Math.max(from, japanDateMs(ends ?? begins)) };
}

/** The last record of every id, with the number of its revision, ordered by id. */
export function standing<Kind extends ProgrammeKind>(
  desk: RecordDesk,
  kind: Kind,
): Standing<Kind>[] {
  const last = new Map<string, { record: KnownRecord<Kind>; revision: number }>();
  for (const record of desk.of(kind, programmeSite))
    last.set(record.subject, { record, revision: (last.get(record.subject)?.revision ?? 0) + 1 });
  return [...last]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { record, revision }]) => {
      const { body, recordedAt, by } = record;
      return { ...body, id, revision, recordedAt, by };
    });
}
