import type { CountedUnit } from '#gateway/contract';
import type { Member, ProgrammeMeter, Project, ProjectPart } from '../../programme/programme.ts';
import { japanDateMs } from '../../programme/japan-date.ts';
import { programmeOf, projectPart } from '../../programme/programme.ts';
import type { RecordDesk } from '../../records/desk.ts';
import type { Span } from '../../store/port.ts';
import { unknownId } from '../problem.ts';

/** A meter of a member, with the time in which it was its meter, and the part of it inside the member's window. */
export interface Measured {
  readonly member: Member;
  readonly meter: ProgrammeMeter;
  readonly time: Span;
  readonly window: Span;
  /** When what decides on these was recorded last. */
  readonly decidedAt: number;
}

/** A project and what belongs to it. Throws `HttpProblem` (404). */
export function findProject(desk: RecordDesk, id: string): ProjectPart {
  const programme = programmeOf(desk);
  const part = projectPart(programme, id);
  if (part !== undefined) return part;
  throw unknownId(
    'project',
    id,
    programme.projects.map((each) => each.id),
  );
}

/** The meters of a project, or of one member of it, ordered by id. Throws `HttpProblem` (404). */
export function metersOf(part: ProjectPart, member?: string): Measured[] {
  const { members } = part;
  if (member !== undefined && !members.some(({ id }) => id === member))
    throw unknownId(
      'member',
      member,
      members.map(({ id }) => id),
    );
  const byId = new Map(members.map((each) => [each.id, each]));
  return part.meters.flatMap((meter) => {
    const owner = byId.get(meter.member);
    if (owner === undefined || (member !== undefined && member !== owner.id)) return [];
    return measured(part.project, owner, meter);
  });
}

function measured(project: Project, member: Member, meter: ProgrammeMeter): Measured {
  const time = {
    from: japanDateMs(meter.from),
    to: meter.to === undefined ? Number.MAX_SAFE_INTEGER : japanDateMs(meter.to),
  };
  const decidedAt = Math.max(project.recordedAt, member.recordedAt, meter.recordedAt);
  return { member, meter, time, window: overlapOf(time, member.window), decidedAt };
}

/** In what the register of an item counts (device/contract/catalogue.ts). */
export function unitOf({ item }: Pick<ProgrammeMeter, 'item'>): CountedUnit {
  if (item === 'gas') return 'dm3';
  return item === 'heat' ? 'kJ' : 'Wh';
}

/** What two spans have in common; empty (`from` = `to`) where that is nothing. */
export function overlapOf(a: Span, b: Span): Span {
  const from = Math.max(a.from, b.from);
  return { from, to: Math.max(from, Math.min(a.to, b.to)) };
}
