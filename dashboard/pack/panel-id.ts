import type { Pack } from '#gateway/contract';

/** Where a pack's panel stands on the page, for links to it. */
export const panelId = ({ site, id }: Pick<Pack, 'site' | 'id'>): string => `pack-${site}-${id}`;
