import type { ConfiguredPack } from '../derive/pack.ts';
import { badField, unknownId } from './problem.ts';

/** The configured pack; `site` decides where several sites have one of that name. Throws `HttpProblem`. */
export function findPack(
  packs: readonly ConfiguredPack[],
  id: string,
  site: string | undefined,
): ConfiguredPack {
  const named = packs.filter(
    (pack) => pack.config.id === id && (site === undefined || pack.site === site),
  );
  const [pack, other] = named;
  if (pack === undefined)
    throw unknownId(
      'pack',
      id,
      packs.map(({ site, config }) => `${config.id} (site ${site})`),
    );
  if (other === undefined) return pack;
  const sites = named.map((each) => each.site).join(', ');
  throw badField('site', site, `several sites have a pack ${id}: say which of ${sites}`);
}

/** The site asked for, or the only one. Throws `HttpProblem`. */
export function findSite(sites: readonly string[], site: string | undefined): string {
  const [only, other] = sites;
  if (site === undefined && only !== undefined && other === undefined) return only;
  if (site === undefined)
    throw badField('site', site, `say which of ${sites.slice(0, 50).join(', ')}`);
  if (sites.includes(site)) return site;
  throw unknownId('site', site, sites);
}
