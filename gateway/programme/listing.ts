import type { RecordDesk } from '../records/desk.ts';
import { daysLeft, enrolmentFindings } from './enrolment.ts';
import { japanDateOf } from './japan-date.ts';
import { programmeOf, projectPart } from './programme.ts';

/** A programme as lines: each project, each of its members with the days of the two-year rule, and what to look at. */
export function listProgramme(
  desk: RecordDesk,
  registers: ReadonlySet<string>,
  nowMs: number,
): object[] {
  const programme = programmeOf(desk);
  const projects = programme.projects.flatMap((project): object[] => {
    const part = projectPart(programme, project.id);
    const members = part?.members ?? [];
    const { id, revision, methodology, factorRule } = project;
    return [
      { kind: 'project', id, revision, methodology, factorRule, members: members.length },
      ...members.map((member) => ({
        kind: 'member',
        id: member.id,
        revision: member.revision,
        project: id,
        window: shownWindow(member.window),
        devices: part?.devices
          .filter((device) => device.member === member.id)
          .map((device) => ({ id: device.id, daysLeft: daysLeft(device, member) })),
        meters: part?.meters.flatMap((meter) => (meter.member === member.id ? meter.id : [])),
      })),
    ];
  });
  const findings = enrolmentFindings(programme, japanDateOf(nowMs), registers);
  return [...projects, ...findings.map((each) => ({ ...each, kind: 'finding', what: each.kind }))];
}

function shownWindow({ from, to }: { readonly from: number; readonly to: number }) {
  return { from: japanDateOf(from), to: japanDateOf(to) };
}
