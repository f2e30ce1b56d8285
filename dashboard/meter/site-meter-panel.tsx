import { PlateNote } from '../page/site-name.tsx';
import type { SiteMeter } from '../plant/meters.ts';
import { useTexts } from '../texts/texts.ts';
import { MeterBar } from './meter-bar.tsx';
import { MeterRow } from './meter-figures.tsx';
import { MeterNotes } from './meter-notes.tsx';

interface SiteMeterPanelProps {
  readonly siteMeter: SiteMeter;
  readonly heard: boolean;
  readonly gatewayNowMs: number;
}

/** A meter of the site itself, such as what is taken from the grid and given to it. */
export function SiteMeterPanel({ siteMeter, ...common }: SiteMeterPanelProps) {
  const texts = useTexts().meter;
  const { site, asset, name, meters } = siteMeter;
  const heading = `site-meter-${site}-${asset}`;
  const byPeople = meters.every(({ device }) => device === null);
  return (
    <article class="panel generator" aria-labelledby={heading} data-testid={`meter-${asset}`}>
      <header class="plate">
        <h2 id={heading}>{name}</h2>
        <PlateNote site={site} what={byPeople ? texts.byPeople : texts.site} />
      </header>
      <MeterNotes asset={asset} meters={meters} />
      {meters.map((meter) => (
        <MeterRow {...common} key={meter.meter} meter={meter} />
      ))}
      <MeterBar asset={asset} name={name} meters={meters} />
    </article>
  );
}
