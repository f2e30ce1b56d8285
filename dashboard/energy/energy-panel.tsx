import type { EnergyBalance, Generator, SiteEnergy } from '#gateway/contract';
import { QualityMark } from '../figure/quality-mark.tsx';
import { energyText, fixed, japanDate, japanMinute, powerAmount } from '../format.ts';
import { PlateNote } from '../page/site-name.tsx';
import { ageOf } from '../plant/age.ts';
import { viewGenerator } from '../plant/generator-view.ts';
import type { Standing } from '../plant/standing.ts';
import { type Texts, useTexts } from '../texts/texts.ts';
import { ReductionRows } from './reduction-rows.tsx';

interface EnergyPanelProps {
  readonly energy: SiteEnergy;
  readonly generators: readonly Generator[];
  /** The gateway is heard, and the newest request for energy was answered. */
  readonly heard: boolean;
  readonly liveHeard: boolean;
  readonly gatewayNowMs: number;
}

const periods = ['halfHour', 'today', 'month', 'fiscalYear'] as const;

/** What a site makes and where it goes: now, today, this month and this fiscal year, in one table. */
export function EnergyPanel(props: EnergyPanelProps) {
  const { energy, generators, heard, liveHeard, gatewayNowMs } = props;
  const texts = useTexts();
  const { energy: words } = texts;
  const heading = `energy-${energy.site}`;
  return (
    <article class="panel energy" aria-labelledby={heading} data-testid={heading}>
      <header class="plate">
        <h2 id={heading}>{words.title}</h2>
        <PlateNote site={energy.site} />
      </header>
      <ul class="energy-now">
        {generators.map((generator) => (
          <NowItem key={generator.id} generator={generator} heard={liveHeard} />
        ))}
      </ul>
      <div class="energy-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.period}</th>
              <th scope="col">{words.generated}</th>
              <th scope="col">{words.selfConsumed}</th>
              <th scope="col">{words.exported}</th>
              <th scope="col">{words.standing}</th>
            </tr>
          </thead>
          <tbody>
            {periods.map((period) => {
              const balance = energy[period];
              const standing = standingOf(balance, energy.openEvents, heard);
              return (
                <tr key={period} data-testid={`${period}-${energy.site}`} data-state={standing}>
                  <th scope="row">
                    {words[period]}
                    <small>{texts.meter.since(startText(period, balance.start))}</small>
                  </th>
                  <EnergyCell name={words.generated} wh={balance.generatedWh} standing={standing} />
                  <EnergyCell
                    name={words.selfConsumed}
                    wh={balance.selfConsumedWh}
                    standing={standing}
                  />
                  <EnergyCell name={words.exported} wh={balance.exportedWh} standing={standing} />
                  <td>
                    <QualityMark standing={standing} />
                    <small>{standingText(balance, texts, gatewayNowMs)}</small>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <ReductionRows site={energy.site} generators={generators} heard={liveHeard} />
      <p class="energy-basis">
        {energy.exportedBy.length === 0 ? words.noExport : words.basis}
        {energy.openEvents === 0 ? '' : ` ${words.openEvents(energy.openEvents)}`}
      </p>
    </article>
  );
}

/** A half hour begins at a time of day, the others at a day's beginning. */
const startText = (period: (typeof periods)[number], startMs: number): string =>
  period === 'halfHour' ? japanMinute(startMs) : japanDate(startMs);

interface NowItemProps {
  readonly generator: Generator;
  readonly heard: boolean;
}

/** What one generator gives at this moment. */
function NowItem({ generator, heard }: NowItemProps) {
  const texts = useTexts();
  const { power, waiting } = viewGenerator(generator, heard);
  const { value, unit } = powerAmount(power.value ?? 0);
  return (
    <li data-state={power.standing}>
      <span class="energy-name">
        {generator.name} <small>{texts.generator.kind[generator.kind]}</small>
      </span>
      {power.value === null ? (
        <span class="figure-unknown">{waiting ? texts.generator.waiting : texts.pack.unknown}</span>
      ) : (
        <span class="energy-power">
          <b>{value}</b> {unit}
        </span>
      )}
      <QualityMark standing={power.standing} />
    </li>
  );
}

interface EnergyCellProps {
  readonly name: string;
  readonly wh: number | null;
  readonly standing: Standing;
}

/** On a phone there are no columns: the cell says its name itself. */
function EnergyCell({ name, wh, standing }: EnergyCellProps) {
  const texts = useTexts();
  return (
    <td class="energy-cell figure" data-state={standing} data-name={name}>
      {wh === null ? (
        <span class="figure-unknown">{texts.pack.unknown}</span>
      ) : (
        <>
          <span class="figure-number">{energyText(wh)}</span> <span class="figure-unit">kWh</span>
        </>
      )}
    </td>
  );
}

function standingOf(balance: EnergyBalance, openEvents: number, heard: boolean): Standing {
  if (!heard) return 'old';
  if (balance.generatedWh === null) return 'bad';
  const whole = balance.coveredPercent === 100 && openEvents === 0;
  return whole && balance.selfConsumedWh !== null ? 'good' : 'uncertain';
}

function standingText(
  { coveredPercent, until }: EnergyBalance,
  { age, energy: words }: Texts,
  gatewayNowMs: number,
): string {
  const covered = coveredPercent < 100 ? words.covered(fixed(coveredPercent, 0)) : '';
  return [covered, age(ageOf(until, gatewayNowMs))].filter(Boolean).join(' · ');
}
