import { useEffect, useState } from 'preact/hooks';
import type { Assumption } from '#gateway/contract';
import { decode } from '../link/decode.ts';
import { healthFound, type HealthFound } from '../link/health-shape.ts';
import { healthPath } from '../link/paths.ts';
import { fetchText } from '../link/send.ts';
import { useTexts } from '../texts/texts.ts';
import { useWords } from './words/words.ts';
import { sitesYaml } from './yaml.ts';

export interface GuideProps {
  readonly packs: number;
  readonly meters: number;
}

const everyMs = 5_000;

/** From nothing to a first pack and a first meter: what is needed, what was heard, what to write, what figures rest on. */
export function Guide({ packs, meters }: GuideProps) {
  const words = useWords();
  const found = useFound();
  const first = packs === 0 && meters === 0;
  const content = (
    <div class="guide-steps">
      <p>{words.lead}</p>
      <Needed pack={packs === 0} meter={meters === 0} />
      <FoundList found={found} />
      <Lines found={found} pack={packs === 0} meter={meters === 0} />
      <BasisList assumed={found === undefined || found === 'failed' ? [] : found.assumptions} />
    </div>
  );
  return first ? (
    <section class="panel guide" data-testid="guide">
      <h2>{words.title}</h2>
      {content}
    </section>
  ) : (
    <details class="panel guide" data-testid="guide">
      <summary>{words.titleMore}</summary>
      {content}
    </details>
  );
}

type Found = HealthFound | 'failed' | undefined;

/** Asks again and again: a device that is plugged in is seen without a reload. */
function useFound(): Found {
  const [found, setFound] = useState<Found>(undefined);
  useEffect(() => {
    let wanted = true;
    const look = (): void =>
      void fetchText(healthPath).then((text) => {
        if (wanted) setFound(decode(text, healthFound) ?? 'failed');
      });
    look();
    const timer = setInterval(look, everyMs);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, []);
  return found;
}

interface NeededProps {
  readonly pack: boolean;
  readonly meter: boolean;
}

function Needed({ pack, meter }: NeededProps) {
  const words = useWords();
  const lists = [...(pack ? [words.needPack] : []), ...(meter ? [words.needMeter] : [])];
  return (
    <section>
      <h3>{words.steps.need}</h3>
      {lists.map(({ title, items }) => (
        <div key={title}>
          <h4>{title}</h4>
          <ul>
            {items.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function FoundList({ found }: { readonly found: Found }) {
  const words = useWords();
  const texts = useTexts();
  if (found === undefined || found === 'failed')
    return (
      <section aria-live="polite">
        <h3>{words.steps.found}</h3>
        <p>{found === undefined ? texts.work.loading : words.failed}</p>
      </section>
    );
  const { devices, unknownAssets } = found;
  const nothing = devices.length === 0 && unknownAssets.length === 0;
  return (
    <section aria-live="polite" data-testid="found">
      <h3>{words.steps.found}</h3>
      {nothing ? <p>{words.none}</p> : null}
      <ul>
        {devices.map(({ site, device, state }) => (
          <li key={`${site}/${device}`}>
            {words.device(site, device)} <b>{words.states[state]}</b>
            <ul>
              {unknownAssets
                .filter((asset) => asset.site === site && asset.device === device)
                .map(({ asset, quantities }) => (
                  <li key={asset}>
                    {words.asset(
                      asset,
                      quantities.map((each) => words.quantities.get(each) ?? each).join(' · '),
                    )}
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LinesProps extends NeededProps {
  readonly found: Found;
}

function Lines({ found, pack, meter }: LinesProps) {
  const words = useWords();
  const [copied, setCopied] = useState('');
  const assets = found === undefined || found === 'failed' ? [] : found.unknownAssets;
  const yaml = sitesYaml(assets, { pack, meter }, words.naming);
  // Without TLS browsers of other machines offer no clipboard: the lines can be marked by hand there.
  const clipboard = window.isSecureContext ? navigator.clipboard : undefined;
  return (
    <section>
      <h3>{words.steps.write}</h3>
      <p>{words.write}</p>
      <pre data-testid="yaml" tabIndex={0}>
        {yaml}
      </pre>
      {clipboard === undefined ? null : (
        <button
          type="button"
          onClick={() => void clipboard.writeText(yaml).then(() => setCopied(yaml))}
        >
          {copied === yaml ? words.copied : words.copy}
        </button>
      )}
    </section>
  );
}

function BasisList({ assumed }: { readonly assumed: readonly Assumption[] }) {
  const words = useWords();
  const texts = useTexts().pack;
  return (
    <section>
      <h3>{words.steps.basis}</h3>
      <p>{words.basis}</p>
      <ul class="guide-assumed" data-testid="assumed">
        {assumed.map(({ field, value }) => (
          <li key={field}>
            {texts.assumedValue[field](value)} <code>{field}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
