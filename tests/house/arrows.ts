import { dirname, join, normalize } from 'node:path/posix';

/** A source file: its path from the top of the repository, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** An import that points the wrong way, said so that one can see what to do. */
export interface WrongArrow {
  readonly path: string;
  readonly target: string;
  readonly why: string;
}

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Which of our own things a folder may import besides itself (style.md, habit 1). */
const allowed: Record<string, readonly string[]> = {
  device: ['#device/contract'],
  gateway: ['#device/contract', '#gateway/contract'],
  dashboard: ['#gateway/contract'],
  simulators: ['device', '#device/contract', '#gateway/contract'],
};

/** Folders without clock, file, network or package but the schema library (style.md, habit 3). */
const pure = [
  'device/contract',
  'gateway/contract',
  'gateway/hydrogen',
  'gateway/energy',
  'gateway/emissions',
];

/** What a pure folder may import of the others: emissions are made of energy, and why they earn nothing is one list. */
const pureFrom: Record<string, string> = {
  'gateway/emissions': 'gateway/energy/',
  'gateway/contract': 'gateway/emissions/reason.ts',
};

/** What checks a claim by itself must not take over a mistake of what made it: no code of ours but the contract. */
const alone = 'gateway/verify';

export function wrongArrows(sources: readonly Source[]): WrongArrow[] {
  return sources.flatMap(({ path, text }) =>
    imports(text).flatMap((found) => {
      const why = wrong(path, found);
      return why === undefined ? [] : [{ path, target: found.target, why }];
    }),
  );
}

function wrong(path: string, { target, typeOnly }: Import): string | undefined {
  const top = path.slice(0, path.indexOf('/'));
  const rules = allowed[top];
  // Tests may reach for anything: they are where the folders meet.
  if (rules === undefined || /\.(test|suite)\.tsx?$/.test(path)) return undefined;
  const inside = target.startsWith('.') ? normalize(join(dirname(path), target)) : undefined;
  const home = pure.find((folder) => path.startsWith(`${folder}/`));
  if (home !== undefined && inside === undefined && !['zod', '#device/contract'].includes(target))
    return `${home} is pure: no clock, file, network or package but zod`;
  if (home !== undefined && inside !== undefined && !inside.startsWith(`${home}/`))
    return inside.startsWith(pureFrom[home] ?? `${home}/`)
      ? undefined
      : `${home} is pure and imports nothing outside itself`;
  if (inside === 'package.json') return undefined;
  if (path.startsWith(`${alone}/`)) {
    const apart =
      inside === undefined ? target.startsWith('node:') : inside.startsWith(`${alone}/`);
    if (!apart && !['zod', '#gateway/contract'].includes(target))
      return `${alone} shares nothing with what it checks but the contract`;
  }
  if (inside !== undefined) {
    const owner = inside.slice(0, inside.indexOf('/'));
    return owner === top || rules.includes(owner) ? undefined : `${top} may not import ${owner}`;
  }
  if (target.startsWith('#') && !target.startsWith('#build/')) {
    if (!rules.includes(target)) return `${top} may not import ${target}`;
    if (top === 'dashboard' && !typeOnly) return 'the page takes types only from the contract';
  }
  if (top === 'dashboard' && target.startsWith('node:')) return 'the page runs in a browser';
  return undefined;
}

/** Import and export-from statements, and dynamic imports. */
function imports(text: string): Import[] {
  const statement =
    /^\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g;
  return [
    ...[...text.matchAll(statement)].map(([, type, target = '']) => ({
      target,
      typeOnly: type !== undefined,
    })),
    ...[...text.matchAll(dynamic)].map(([, target = '']) => ({ target, typeOnly: false })),
  ];
}
