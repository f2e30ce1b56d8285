import type { apiRoot } from '#gateway/contract';

/** The contract's root, taken by type only: a change there is a compile error here. */
export const root: typeof apiRoot = '/api/v1';

export const livePath = `${root}/live`;
export const sessionPath = `${root}/session`;
/** Answered 401 exactly where the event stream would be. */
export const probePath = `${root}/packs`;

export interface HistoryQuery {
  readonly site: string;
  readonly pack: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly points: number;
}

export function historyPath({ site, pack, fromMs, toMs, points }: HistoryQuery): string {
  const query = new URLSearchParams({
    site,
    from: String(fromMs),
    to: String(toMs),
    points: String(points),
  });
  return `${root}/packs/${encodeURIComponent(pack)}/history?${query.toString()}`;
}

/** What people state about a pack is sent below it: `gauge-readings`, `segments/{at}/resolution`. */
export function packPath(
  pack: { readonly site: string; readonly id: string },
  below: string,
): string {
  const query = new URLSearchParams({ site: pack.site });
  return `${root}/packs/${encodeURIComponent(pack.id)}/${below}?${query.toString()}`;
}

export const alarmsPath = `${root}/alarms`;

export const metersPath = `${root}/meters`;
export const meterReadingsPath = `${root}/meter-readings`;
export const correctionsPath = `${root}/corrections`;

/** Newest first, as many as a page of the gateway holds. */
export function registerEventsPath(meter: string): string {
  const query = new URLSearchParams({ meter, limit: '200' });
  return `${root}/register-events?${query.toString()}`;
}

export function correctionsOfPath(meter: string): string {
  const query = new URLSearchParams({ meter, limit: '200' });
  return `${correctionsPath}?${query.toString()}`;
}

export interface IntervalQuery {
  readonly meter: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly resolution: string;
}

export function intervalsPath({ meter, fromMs, toMs, resolution }: IntervalQuery): string {
  const span = { from: String(fromMs), to: String(toMs) };
  return `${root}/intervals?${new URLSearchParams({ meter, ...span, resolution }).toString()}`;
}

export const siteEnergyPath = `${root}/site-energy`;
export const healthPath = `${root}/health`;

export const registerResolutionPath = (id: string): string =>
  `${root}/register-events/${encodeURIComponent(id)}/resolution`;

/** `channel` is `{site}/{device}/{asset}/{quantity}`. */
export function readingsPath(channel: string, fromMs: number, toMs: number): string {
  const query = new URLSearchParams({ channel, from: String(fromMs), to: String(toMs) });
  return `${root}/readings?${query.toString()}`;
}
