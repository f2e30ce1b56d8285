import { useEffect, useState } from 'preact/hooks';
import type { LivePlant } from '#gateway/contract';
import { AlarmBanner } from '../alarms/alarm-banner.tsx';
import type { Instant } from '../clock.ts';
import { GeneratorPanel } from '../generator/generator-panel.tsx';
import { linkStatus } from '../link/supervise.ts';
import { PackPanel } from '../pack/pack-panel.tsx';
import { SiteMeterPanel } from '../meter/site-meter-panel.tsx';
import { metersOf, siteMeters } from '../plant/meters.ts';
import { gatewayNowMs, memoryOf, packKey, type PageState } from '../plant/state.ts';
import { type Language, textsOf } from '../texts/language.ts';
import { TextsContext, useTexts } from '../texts/texts.ts';
import { isLook, OpenTaskContext, type Task } from '../work/task.ts';
import { WorkDialog } from '../work/work-dialog.tsx';
import { Announcer } from './announcer.tsx';
import type { Controller } from './controller.ts';
import { LinkNotice, Problems } from './notices.tsx';
import { PageHeader } from './page-header.tsx';
import { SignIn } from './sign-in.tsx';

interface AppProps {
  readonly controller: Controller;
  readonly language: Language;
  readonly chooseLanguage: (language: Language) => void;
}

export function App({ controller, language: first, chooseLanguage }: AppProps) {
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
        switchLanguage={() => setLanguage(language === 'ja' ? 'en' : 'ja')}
      />
    </TextsContext.Provider>
  );
}

interface PageProps {
  readonly state: PageState;
  readonly now: Instant;
  readonly signIn: Controller['signIn'];
  readonly switchLanguage: () => void;
}

function Page({ state, now, signIn, switchLanguage }: PageProps) {
  const texts = useTexts();
  const { latest, link } = state;
  const status = linkStatus(link, now);
  const nowMs = latest === undefined ? undefined : gatewayNowMs(latest, now);
  const heard = status === 'live';
  const [task, setTask] = useState<Task | undefined>();
  return (
    <div class="page" data-heard={heard}>
      <PageHeader
        plant={latest?.plant}
        status={status}
        gatewayNowMs={heard ? nowMs : undefined}
        switchLanguage={switchLanguage}
      />
      <Announcer plant={latest?.plant} status={status} />
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
  const { page: texts, meter: meterTexts } = useTexts();
  const common = { heard, gatewayNowMs: nowMs };
  const { meters, failed } = state.meters;
  const metersHeard = heard && !failed;
  return (
    <>
      <section class="packs" aria-label={texts.packs}>
        {plant.packs.length === 0 ? <p class="notice">{texts.noPacks}</p> : null}
        {plant.packs.map((pack) => (
          <PackPanel
            {...common}
            key={packKey(pack)}
            pack={pack}
            memory={memoryOf(state, packKey(pack))}
          />
        ))}
      </section>
      <section class="generators" aria-label={texts.generators}>
        {failed ? <p class="notice">{meterTexts.failed}</p> : null}
        {plant.generators.map((generator) => (
          <GeneratorPanel
            {...common}
            key={packKey(generator)}
            generator={generator}
            meters={metersOf(meters, generator)}
            metersHeard={metersHeard}
          />
        ))}
        {siteMeters(meters, plant.generators).map((each) => (
          <SiteMeterPanel
            key={`${each.site}/${each.asset}`}
            siteMeter={each}
            heard={metersHeard}
            gatewayNowMs={nowMs}
          />
        ))}
      </section>
    </>
  );
}
