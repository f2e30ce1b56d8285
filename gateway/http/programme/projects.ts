import { Hono } from 'hono';
import { routes, type ShownMember, type ShownProject } from '#gateway/contract';
import { daysLeft, enrolmentFindings, type Finding } from '../../programme/enrolment.ts';
import { japanDateOf } from '../../programme/japan-date.ts';
import {
  type Member,
  programmeOf,
  type Project,
  type ProjectPart,
} from '../../programme/programme.ts';
import type { Env } from '../env.ts';
import type { AppParts } from '../parts.ts';
import { noQuery, readQuery } from '../query.ts';
import { etagOf, isKnown, keptHeaders } from './fresh.ts';
import { findProject, metersOf } from './selection.ts';

type ProjectParts = Pick<AppParts, 'desk' | 'meters' | 'clock' | 'pull'>;

/** Projects, and the members of one. */
export function projectRoutes(parts: ProjectParts): Hono<Env> {
  const { desk, clock } = parts;
  const app = new Hono<Env>();
  app.get(routes.projects.path, (c) => {
    readQuery(c.req.url, noQuery);
    const { projects, members } = programmeOf(desk);
    const own = c.get('token')?.project;
    const items = projects.flatMap((project) => {
      if (own !== undefined && own !== project.id) return [];
      return shownProject(project, members.filter((each) => each.project === project.id).length);
    });
    return c.json({ items });
  });
  app.get(routes.projectMembers.path, (c) => {
    const { limit, cursor = '' } = readQuery(c.req.url, routes.projectMembers.query);
    const part = findProject(desk, c.req.param('id'));
    const etag = etagOf(c, parts, metersOf(part), japanDateOf(clock.wallMs()));
    const headers = keptHeaders(etag);
    if (isKnown(c, etag)) return c.body(null, 304, headers);
    const rest = part.members.filter(({ id }) => id > cursor);
    const findings = findingsOf(parts, part);
    const items = rest.slice(0, limit).map((member) => shownMember(part, member, findings));
    const last = items.at(-1);
    const next = rest.length > limit && last !== undefined ? { next: last.id } : {};
    return c.json({ items, ...next }, 200, headers);
  });
  return app;
}

/** What speaks against members of a project, or is to be looked at. */
export function findingsOf(
  { desk, meters, clock }: Pick<ProjectParts, 'desk' | 'meters' | 'clock'>,
  part: ProjectPart,
): Finding[] {
  const registers = new Set(meters.map(({ key }) => key));
  const ids = new Set(
    [part.project, ...part.members, ...part.devices, ...part.meters].map(({ id }) => id),
  );
  const today = japanDateOf(clock.wallMs());
  return enrolmentFindings(programmeOf(desk), today, registers).filter(({ id }) => ids.has(id));
}

function shownProject(project: Project, members: number): ShownProject {
  const { id, name = null, methodology, factorRule, appliedOn, from, to, revision } = project;
  return { id, name, methodology, factorRule, appliedOn, from, to, members, revision };
}

function shownMember(part: ProjectPart, member: Member, findings: readonly Finding[]): ShownMember {
  const { id, kind, appliedOn, admittedOn, leftOn = null, window, revision } = member;
  const devices = part.devices.filter((each) => each.member === id);
  const meters = part.meters.filter((each) => each.member === id);
  const own = new Set([
    `member ${id}`,
    ...devices.map((each) => `device ${each.id}`),
    ...meters.map((each) => `meter ${each.id}`),
  ]);
  return {
    id,
    kind,
    appliedOn,
    admittedOn,
    leftOn,
    window: { ...window },
    revision,
    devices: devices.map((device) => ({
      id: device.id,
      kind: device.kind,
      maker: device.maker,
      model: device.model,
      serial: device.serial,
      operationStartedOn: device.operationStartedOn,
      ratedW: device.ratedW,
      daysLeft: daysLeft(device, member),
    })),
    meters: meters.map((meter) => ({
      id: meter.id,
      device: meter.device,
      item: meter.item,
      register: meter.register,
      serial: meter.serial,
      class: meter.class,
      evidence: meter.evidence ?? null,
      from: meter.from,
      to: meter.to ?? null,
    })),
    findings: findings
      .filter((each) => own.has(`${each.kind} ${each.id}`))
      .map((each) => ({ ...each })),
  };
}
