import { useEffect, useState } from 'preact/hooks';
import type { LivePlant } from '#gateway/contract';
import { AlarmBanner } from '../alarms/alarm-banner.tsx';
import type { Sound } from '../alarms/sound.ts';
import type { Instant } from '../clock.ts';
import { LateGuide } from '../first-hour/late-guide.tsx';
import { linkStatus } from '../link/supervise.ts';
import { gatewayNowMs, type PageState } from '../plant/state.ts';
import { type Language, textsOf } from '../texts/language.ts';
import { TextsContext, useTexts } from '../texts/texts.ts';
import { isLook, OpenTaskContext, type Task } from '../work/task.ts';
import { WorkDialog } from '../work/work-dialog.tsx';
import { Announcer } from './announcer.tsx';
import type { Controller } from './controller.ts';
import { Devices } from './devices.tsx';
import { LinkNotice, Problems } from './notices.tsx';
import { Packs } from './packs.tsx';
import { PageHeader } from './page-header.tsx';
import { SitesContext } from './site-name.tsx';
import { SignIn } from './sign-in.tsx';
import { TabTitle } from './tab-title.tsx';

interface AppProps {
  readonly controller: Controller;
  readonly language: Language;
  readonly chooseLanguage: (language: Language) => void;
  readonly sound: Sound;
  /** For a wall: larger, and nothing to write with. */
  readonly kiosk: boolean;
}

export function App({ controller, language: first, chooseLanguage, sound, kiosk }: AppProps) {
  const [language, setLanguage] = useState(first);
  const [{ state, now }, setMoment] = useState(controller.moment);
  useEffect(() => controller.watch(setMoment), [controller]);
  useEffect(() => chooseLanguage(language), [chooseLanguage, language]);
  return (
    <TextsContext.Provider value={textsOf[language]}>
      <Page
        state={state}
        now={now}
        signIn={controller.signIn}
        sound={sound}
        kiosk={kiosk}
        switchLanguage={() => setLanguage(language === 'ja' ? 'en' : 'ja')}
      />
    </TextsContext.Provider>
  );
}

interface PageProps extends Pick<AppProps, 'sound' | 'kiosk'> {
  readonly state: PageState;
  readonly now: Instant;
  readonly signIn: Controller['signIn'];
  readonly switchLanguage: () => void;
}

function Page({ state, now, signIn, switchLanguage, sound, kiosk }: PageProps) {
  const texts = useTexts();
  const { latest, link } = state;
  const status = linkStatus(link, now);
  const nowMs = latest === undefined ? undefined : gatewayNowMs(latest, now);
  const heard = status === 'live';
  const [task, setTask] = useState<Task | undefined>();
  return (
    <div class="page" data-heard={heard} data-kiosk={kiosk}>
      <PageHeader
        plant={latest?.plant}
        status={status}
        gatewayNowMs={heard ? nowMs : undefined}
        switchLanguage={switchLanguage}
        sound={sound}
      />
      <Announcer plant={latest?.plant} status={status} />
      <TabTitle plant={latest?.plant} status={status} gatewayNowMs={nowMs ?? 0} />
      <main>
        <LinkNotice
          status={status}
          lastKnownMs={latest?.plant.at}
          gatewayNowMs={nowMs}
          unreadable={link.unreadable}
        />
        {status === 'signed-out' ? <SignIn signIn={signIn} /> : null}
        <Problems problems={latest?.plant.problems ?? []} />
        {latest === undefined || nowMs === undefined ? null : (
          <OpenTaskContext.Provider value={setTask}>
            <AlarmBanner plant={latest.plant} heard={heard} gatewayNowMs={nowMs} />
            <Plant state={state} plant={latest.plant} heard={heard} nowMs={nowMs} />
            {task === undefined ? null : (
              <WorkDialog
                key={isLook(task) ? task.kind : 'form'}
                task={task}
                heard={heard}
                gatewayNowMs={nowMs}
                close={() => setTask(undefined)}
              />
            )}
          </OpenTaskContext.Provider>
        )}
      </main>
      {latest === undefined ? null : (
        <div class="page-tools">
          <button
            type="button"
            data-testid="open-sheet"
            onClick={() =>
              setTask({ kind: 'day-sheet', plant: latest.plant, meters: state.meters.meters })
            }
          >
            {texts.page.daySheet}
          </button>
        </div>
      )}
      <footer class="page-footer">{texts.page.notice}</footer>
    </div>
  );
}

interface PlantProps {
  readonly state: PageState;
  readonly plant: LivePlant;
  readonly heard: boolean;
  readonly nowMs: number;
}

function Plant({ state, plant, heard, nowMs }: PlantProps) {
  const common = { heard, gatewayNowMs: nowMs };
  const { meters } = state.meters;
  const wanting = plant.packs.length === 0 || (state.meters.asked && meters.length === 0);
  // Once there is something to look at, how to add to it stands behind it.
  const guide = <LateGuide packs={plant.packs.length} meters={meters.length} />;
  return (
    <SitesContext.Provider value={plant.sites}>
      {wanting && plant.packs.length === 0 ? guide : null}
      <Packs {...common} state={state} plant={plant} />
      <Devices {...common} plant={plant} meters={state.meters} />
      {wanting && plant.packs.length > 0 ? guide : null}
    </SitesContext.Provider>
  );
}
