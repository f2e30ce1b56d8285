import type { Meter, SiteEnergy } from '#gateway/contract';
import { type Clock, elapsedMs, type Instant, instantOf } from '../clock.ts';
import type { HistoryAnswer, SignInAnswer } from '../link/browser.ts';
import { type Live, type LivePorts, startLive } from '../link/live.ts';
import type { HistoryQuery } from '../link/paths.ts';
import { linkStatus, openingLink } from '../link/supervise.ts';
import {
  gatewayNowMs,
  openingPage,
  packKey,
  type PageState,
  withHistory,
  withMeters,
  withPlant,
} from '../plant/state.ts';
import { trendPoints, trendSpanMs } from '../trend/window.ts';

interface ControllerPorts extends LivePorts {
  readonly clock: Clock;
  readHistory(query: HistoryQuery): Promise<HistoryAnswer>;
  readMeters(): Promise<readonly Meter[] | undefined>;
  readSiteEnergy(): Promise<readonly SiteEnergy[] | undefined>;
  signIn(token: string): Promise<SignInAnswer>;
  /** Calls back once what was changed so far is on the screen, or would be if anybody looked. */
  afterDrawing(then: () => void): void;
}

/** What is known, and the instant at which it is looked at. */
interface Moment {
  readonly state: PageState;
  readonly now: Instant;
}

export interface Controller {
  readonly moment: () => Moment;
  /** Calls back on every change and every tick; answers how to stop. */
  readonly watch: (changed: (moment: Moment) => void) => () => void;
  /** To be called about once a second, and when the page comes back into view. */
  readonly tick: () => void;
  readonly signIn: (token: string) => Promise<SignInAnswer>;
}

const historyEveryMs = 60_000;
/** Their totals move with every reading; what a person just said of one is wanted soon. */
const metersEveryMs = 10_000;

/** Joins the event stream, the histories and the passing of time into one state. */
export function startController(ports: ControllerPorts): Controller {
  const now = (): Instant => instantOf(ports.clock);
  let state = openingPage(openingLink(now()));
  const watchers = new Set<(moment: Moment) => void>();
  const moment = (): Moment => ({ state, now: now() });

  function change(next: PageState): void {
    state = next;
    for (const watcher of watchers) watcher(moment());
  }

  const current = (): PageState => state;
  const refreshers = [
    refresher(historyEveryMs, ports.clock, current, () => readHistories(ports, current, change)),
    refresher(metersEveryMs, ports.clock, current, async () => {
      const [meters, energy] = await Promise.all([ports.readMeters(), ports.readSiteEnergy()]);
      change(withMeters(current(), meters, energy));
    }),
  ];
  const refresh = (): void => {
    for (const each of refreshers) each();
  };
  const live: Live = startLive(ports, {
    link: (link) => change({ ...state, link }),
    plant(plant, heard) {
      const first = state.latest === undefined;
      change(withPlant(state, plant, heard));
      // What was just heard is drawn before anything else is asked for.
      if (first) ports.afterDrawing(refresh);
      else refresh();
    },
  });

  return {
    moment,
    watch(changed) {
      watchers.add(changed);
      changed(moment());
      return () => watchers.delete(changed);
    },
    tick() {
      live.tick();
      refresh();
      change(state);
    },
    async signIn(token) {
      const answer = await ports.signIn(token);
      if (answer === 'signed-in') live.signedIn();
      return answer;
    },
  };
}

/** Reads every pack's last day, one pack after another. */
async function readHistories(
  ports: ControllerPorts,
  current: () => PageState,
  change: (next: PageState) => void,
): Promise<void> {
  for (const { site, id } of current().latest?.plant.packs ?? []) {
    const { latest } = current();
    if (latest === undefined) return;
    const nowMs = gatewayNowMs(latest, instantOf(ports.clock));
    const toMs = Math.ceil(nowMs / 60_000) * 60_000;
    const span = { fromMs: toMs - trendSpanMs, toMs };
    const answer = await ports.readHistory({ site, pack: id, points: trendPoints, ...span });
    const points = answer.kind === 'read' ? answer.points : undefined;
    change(withHistory(current(), packKey({ site, id }), points));
  }
}

/** Runs `read` so often while the gateway is heard, as soon as it is heard again, and never twice at a time. */
function refresher(
  everyMs: number,
  clock: Clock,
  current: () => PageState,
  read: () => Promise<void>,
): () => void {
  let running = false;
  let readAt: Instant | undefined;
  return () => {
    const now = instantOf(clock);
    if (linkStatus(current().link, now) !== 'live') {
      readAt = undefined;
      return;
    }
    const due = readAt === undefined || elapsedMs(readAt, now) >= everyMs;
    if (running || !due || current().latest === undefined) return;
    running = true;
    readAt = now;
    void read().finally(() => {
      running = false;
    });
  };
}
