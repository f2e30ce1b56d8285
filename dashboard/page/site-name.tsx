import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { LivePlant } from '#gateway/contract';

type Sites = LivePlant['sites'];

/** Every site of the gateway; provided by the page. */
export const SitesContext = createContext<Sites>([]);

export function nameOfSite(sites: Sites, id: string): string {
  return sites.find((site) => site.id === id)?.name ?? id;
}

/** Where something stands, after what it is: said only where there is more than one place. */
export function PlateNote({ site, what }: { readonly site: string; readonly what?: string }) {
  const sites = useContext(SitesContext);
  const place = sites.length > 1 ? [nameOfSite(sites, site)] : [];
  const parts = [...(what === undefined ? [] : [what]), ...place];
  return parts.length === 0 ? null : <span class="plate-note">{parts.join(' · ')}</span>;
}
