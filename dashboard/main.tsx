import { render } from 'preact';
import {
  isSignedOut,
  openEventSource,
  readHistory,
  readMeters,
  readSiteEnergy,
  signIn,
} from './link/browser.ts';
import { browserSound } from './alarms/sound.ts';
import { App } from './page/app.tsx';
import { startController } from './page/controller.ts';
import { type Language, rememberedLanguage, rememberLanguage, textsOf } from './texts/language.ts';
import './style/page.css';

const storage = (): Storage => localStorage;

function chooseLanguage(language: Language): void {
  rememberLanguage(storage, language);
  document.documentElement.lang = textsOf[language].language.code;
}

const controller = startController({
  clock: { monotonicMs: () => performance.now(), wallMs: () => Date.now() },
  random: Math.random,
  openStream: openEventSource,
  isSignedOut,
  readHistory,
  readMeters,
  readSiteEnergy,
  signIn,
  afterDrawing: (then) => setTimeout(then, 0),
});

setInterval(controller.tick, 1_000);
document.addEventListener('visibilitychange', controller.tick);

/** `?kiosk` in the address. */
const kiosk = new URLSearchParams(location.search).has('kiosk');
document.documentElement.toggleAttribute('data-kiosk', kiosk);

const holder = document.getElementById('page');
if (holder === null) throw new Error('index.html has no element with the id "page"');
render(
  <App
    controller={controller}
    language={rememberedLanguage(storage)}
    chooseLanguage={chooseLanguage}
    sound={browserSound()}
    kiosk={kiosk}
  />,
  holder,
);
