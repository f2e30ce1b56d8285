import type { PartnerToken, TokenRole } from '../../access/partner-token.ts';

/** What a path below the root of the API is about. */
export interface Asked {
  /** Undefined where it is about no project in particular. */
  readonly project: string | undefined;
  /** The list of it: `members`, `intervals`. */
  readonly part: string;
}

const everybody: readonly TokenRole[] = ['partner', 'ward', 'auditor'];
const members: readonly TokenRole[] = ['partner', 'auditor'];
const auditor: readonly TokenRole[] = ['auditor'];

/** Who may read which list of its project; a ward sees aggregates and progress only. */
const ofProject: Readonly<Record<string, readonly TokenRole[]>> = {
  progress: everybody,
  members,
  intervals: members,
  'register-readings': members,
  activity: members,
  calculation: members,
  pulls: auditor,
  handlings: auditor,
};
const ofAll: Readonly<Record<string, readonly TokenRole[]>> = {
  projects: everybody,
  'openapi.json': everybody,
  factors: everybody,
  claims: everybody,
  intervals: members,
  readings: members,
  'register-events': members,
  reductions: members,
  'seals/heads': members,
};

export function askedFor(path: string): Asked {
  const [, project, part] = /^\/projects\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (part !== undefined) return { project, part };
  return { project: undefined, part: path.slice(1) };
}

/** Whether a path tells of single members: such reading needs a purpose, and is logged. */
export function isMemberLevel({ project, part }: Asked): boolean {
  const roles = (project === undefined ? ofAll : ofProject)[part];
  return roles === members;
}

/** Why a token may not ask for something; undefined where it may. */
export function outOfScope(
  { id, role, project }: PartnerToken,
  method: string,
  asked: Asked,
): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return `token ${id} may read only`;
  const table = asked.project === undefined ? ofAll : ofProject;
  const roles = Object.hasOwn(table, asked.part) ? table[asked.part] : undefined;
  if (roles === undefined || !roles.includes(role))
    return `token ${id} of role ${role} may not ask for this; it may ask for ${mayAsk(role)}`;
  if (asked.project !== undefined && asked.project !== project)
    return `token ${id} is for project ${project}, not for ${asked.project.slice(0, 100)}`;
  return undefined;
}

function mayAsk(role: TokenRole): string {
  const names = (table: typeof ofAll, before: string) =>
    Object.entries(table).flatMap(([part, roles]) =>
      roles.includes(role) ? `${before}${part}` : [],
    );
  return [...names(ofAll, '/'), ...names(ofProject, '/projects/{id}/')].join(', ');
}
