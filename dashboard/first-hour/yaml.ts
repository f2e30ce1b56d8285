import type { Health } from '#gateway/contract';

type Found = Health['unknownAssets'][number];

/** Names that the lines are written with: plain ones, to be changed. */
export interface Naming {
  readonly pack: string;
  readonly generator: string;
  readonly meter: string;
  /** Comments behind a line. */
  readonly cylinders: string;
  readonly litres: string;
  readonly kind: string;
}

/** The registers a site meter may name (gateway/config/meters.ts). */
const registers = [
  'generated',
  'exported',
  'imported',
  'consumed',
  'auxiliary',
  'charged',
  'discharged',
];

const example = { site: 'site-1', device: 'pi-1' };
const examplePack: Found = { ...example, asset: 'pack-1', quantities: ['pressure', 'temperature'] };
const exampleMeter: Found = { ...example, asset: 'pv-1', quantities: ['generated'] };

interface Wanted {
  readonly pack: boolean;
  readonly meter: boolean;
}

/** Lines for gateway.yaml: of what was heard, and an example of what is wanted and was not. Never empty. */
export function sitesYaml(found: readonly Found[], wanted: Wanted, naming: Naming): string {
  const usable = found.filter((each) => isPack(each) || registersOf(each).length > 0);
  const missing = [
    ...(wanted.pack && !usable.some(isPack) ? [examplePack] : []),
    ...(wanted.meter && usable.every(isPack) ? [exampleMeter] : []),
  ];
  const home = usable[0] ?? example;
  const assets = [
    ...usable,
    ...missing.map((each) => ({ ...each, site: home.site, device: home.device })),
  ];
  const sites = [...new Set(assets.map(({ site }) => site))];
  const lines = sites.flatMap((site) =>
    siteLines(
      site,
      assets.filter((each) => each.site === site),
      naming,
    ),
  );
  return `${['sites:', ...lines].join('\n')}\n`;
}

const isPack = ({ quantities }: Found): boolean => quantities.includes('pressure');
const registersOf = ({ quantities }: Found): string[] =>
  registers.filter((each) => quantities.includes(each));

function siteLines(site: string, assets: readonly Found[], naming: Naming): string[] {
  const packs = assets.filter(isPack);
  const meters = assets.filter((each) => !isPack(each));
  const makes = (each: Found): boolean => registersOf(each).includes('generated');
  return [
    `  - id: '${site}'`,
    ...group('packs', packs, (each, index) =>
      packLines(each, `${naming.pack}${index + 1}`, naming),
    ),
    ...group('generators', meters.filter(makes), (each) => generatorLines(each, naming)),
    ...group(
      'meters',
      meters.filter((each) => !makes(each)),
      (each) => [
        ...headLines(each, naming.meter),
        `        quantities: [${registersOf(each).join(', ')}]`,
      ],
    ),
  ];
}

function group(
  name: string,
  assets: readonly Found[],
  linesOf: (asset: Found, index: number) => string[],
): string[] {
  return assets.length === 0 ? [] : [`    ${name}:`, ...assets.flatMap(linesOf)];
}

/** Ids hold letters, digits and hyphens (device/contract): one of digits alone would be read as a number. */
function headLines({ asset, device }: Found, name: string): string[] {
  return [`      - id: '${asset}'`, `        name: ${name}`, `        device: '${device}'`];
}

function packLines(pack: Found, name: string, { cylinders, litres }: Naming): string[] {
  return [
    ...headLines(pack, name),
    `        cylinders: 30 # ${cylinders}`,
    `        cylinderLitres: 50 # ${litres}`,
  ];
}

/** Beside what it generated a generator's meter may count more; the kind cannot be heard. */
function generatorLines(generator: Found, { generator: name, kind }: Naming): string[] {
  const others = registersOf(generator).filter((each) => each !== 'generated');
  return [
    ...headLines(generator, name),
    `        kind: pv # ${kind}`,
    ...(others.length === 0
      ? []
      : ['        meters:', ...others.map((each) => `          ${each}: {}`)]),
  ];
}
