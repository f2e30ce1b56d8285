import { decode, decodeHistory } from './decode.ts';
import { siteEnergyList } from './energy-shape.ts';
import { meterList } from './meter-shape.ts';
import type { Stream, StreamListener } from './live.ts';
import {
  type HistoryQuery,
  historyPath,
  livePath,
  metersPath,
  probePath,
  sessionPath,
  siteEnergyPath,
} from './paths.ts';
import type { Meter, PackHistoryPoint, SiteEnergy } from '#gateway/contract';

const answerLimitMs = 15_000;
/** A year of a pack is read minute by minute: on a small, busy machine that takes a while. */
const historyLimitMs = 60_000;

/** The browser's EventSource. Its own reopening is not used: it gives up for good on some failures. */
export function openEventSource(listener: StreamListener): Stream {
  const source = new EventSource(livePath);
  source.addEventListener('plant', (event: MessageEvent<unknown>) => listener.message(event.data));
  source.addEventListener('error', () => listener.failed(source.readyState === EventSource.CLOSED));
  return { close: () => source.close() };
}

/** True only if the gateway says so: one that cannot be reached has not signed anybody out. */
export async function isSignedOut(): Promise<boolean> {
  try {
    return (await ask(probePath)).status === 401;
  } catch {
    return false;
  }
}

export type HistoryAnswer =
  | { readonly kind: 'read'; readonly points: readonly PackHistoryPoint[] }
  | { readonly kind: 'failed' };

export async function readHistory(query: HistoryQuery): Promise<HistoryAnswer> {
  try {
    const answer = await ask(historyPath(query), {}, historyLimitMs);
    const points = answer.ok ? decodeHistory(await answer.text()) : undefined;
    return points === undefined ? { kind: 'failed' } : { kind: 'read', points };
  } catch {
    return { kind: 'failed' };
  }
}

/** Every register; undefined where no readable answer came. */
export async function readMeters(): Promise<readonly Meter[] | undefined> {
  try {
    const answer = await ask(metersPath);
    return answer.ok ? decode(await answer.text(), meterList)?.items : undefined;
  } catch {
    return undefined;
  }
}

/** What each site makes and where it goes; undefined where no readable answer came. */
export async function readSiteEnergy(): Promise<readonly SiteEnergy[] | undefined> {
  try {
    const answer = await ask(siteEnergyPath);
    return answer.ok ? decode(await answer.text(), siteEnergyList)?.items : undefined;
  } catch {
    return undefined;
  }
}

export type SignInAnswer = 'signed-in' | 'wrong-token' | 'too-many' | 'unreachable';

/** Exchanges the operator's token for an HttpOnly session cookie; the page keeps nothing. */
export async function signIn(token: string): Promise<SignInAnswer> {
  try {
    const answer = await ask(sessionPath, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (answer.ok) return 'signed-in';
    if (answer.status === 429) return 'too-many';
    return answer.status >= 500 ? 'unreachable' : 'wrong-token';
  } catch {
    return 'unreachable';
  }
}

/** One request to the gateway, never from a cache. Rejects where no answer comes. */
export function ask(
  path: string,
  init: RequestInit = {},
  limitMs = answerLimitMs,
): Promise<Response> {
  const signal = AbortSignal.timeout(limitMs);
  return fetch(path, { ...init, signal, cache: 'no-store', credentials: 'same-origin' });
}
