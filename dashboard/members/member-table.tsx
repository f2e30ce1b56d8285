import { QualityMark } from '../figure/quality-mark.tsx';
import { Sign } from '../figure/sign.tsx';
import { energyText, fixed, hoursText, japanDate, massText } from '../format.ts';
import { useTexts } from '../texts/texts.ts';
import type { CalculationTold } from './answers.ts';
import { type MemberRow, memberRow } from './rows.ts';
import { useWords } from './words/words.ts';

/** A line for each member under its pseudonym; on a phone a card. */
export function MemberTable({ members }: { readonly members: readonly CalculationTold[] }) {
  const words = useWords();
  const [first] = members;
  if (first === undefined) return <p>{words.none}</p>;
  return (
    <div class="energy-table members-table">
      <table>
        <caption>{words.caption(first.fiscalYear)}</caption>
        <thead>
          <tr>
            <th scope="col">{words.member}</th>
            <th scope="col">{words.generated}</th>
            <th scope="col">{words.selfConsumed}</th>
            <th scope="col">{words.exported}</th>
            <th scope="col">{words.coveredTime}</th>
            <th scope="col">{words.reduction}</th>
            <th scope="col">{words.state}</th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <Row key={member.member} row={memberRow(member)} />
          ))}
        </tbody>
      </table>
      <p class="field-hint">{words.basis}</p>
    </div>
  );
}

function Row({ row }: { readonly row: MemberRow }) {
  const words = useWords();
  const { member, fromMs, standing, energy, coveredPercent } = row;
  return (
    <tr data-testid={`member-${member}`} data-state={standing}>
      <th scope="row">
        {member}
        <small>{useTexts().meter.since(japanDate(fromMs))}</small>
      </th>
      <EnergyCell name={words.generated} wh={energy?.generatedWh} />
      <EnergyCell name={words.selfConsumed} wh={energy?.selfConsumedWh} />
      <EnergyCell name={words.exported} wh={energy?.exportedWh} />
      <td class="energy-cell" data-name={words.coveredTime}>
        <span class="figure-number">{fixed(coveredPercent, 0)}</span>{' '}
        <span class="figure-unit">%</span>
      </td>
      <ReductionCell row={row} />
      <StateCell row={row} />
    </tr>
  );
}

interface EnergyCellProps {
  readonly name: string;
  readonly wh: number | undefined;
}

function EnergyCell({ name, wh }: EnergyCellProps) {
  const words = useWords();
  return (
    <td class="energy-cell" data-name={name}>
      {wh === undefined ? (
        <span class="figure-unknown">{words.unknown}</span>
      ) : (
        <>
          <span class="figure-number">{energyText(wh)}</span> <span class="figure-unit">kWh</span>
        </>
      )}
    </td>
  );
}

/** Each band of factors by itself: the page adds no reductions up. */
function ReductionCell({ row: { reductions, provisional } }: { readonly row: MemberRow }) {
  const words = useWords();
  return (
    <td class="energy-cell" data-name={words.reduction}>
      {reductions.length === 0 ? <span class="figure-unknown">{words.withheld}</span> : null}
      {reductions.map(({ band, kg }) => (
        <div key={band}>
          {kg === null ? (
            <span class="figure-unknown">{words.withheld}</span>
          ) : (
            <>
              <span class="figure-number">{massText(kg)}</span> <span class="figure-unit">kg</span>
            </>
          )}
          {words.band(band) === '' ? null : <small>{words.band(band)}</small>}
        </div>
      ))}
      {provisional.length > 0 && reductions.some(({ kg }) => kg !== null) ? (
        <span class="badge">{words.provisional}</span>
      ) : null}
    </td>
  );
}

/** How far the line may be believed, and every reason that says so. */
function StateCell({ row: { standing, provisional, uncounted } }: { readonly row: MemberRow }) {
  const words = useWords();
  return (
    <td>
      <QualityMark standing={standing} />
      <ul class="members-reasons">
        {uncounted.map(({ reason, seconds, elWh }) => (
          <li key={reason} data-reason={reason}>
            <Sign name="warning" />
            <div>
              {words.uncounted(words.reason(reason), hoursText(seconds / 3600))}
              {elWh === 0 ? null : words.uncountedEnergy(energyText(elWh))}
            </div>
          </li>
        ))}
        {provisional.map(({ reason, detail }) => (
          <li key={reason} data-reason={reason}>
            <Sign name="changed" />
            <div>
              {words.because(words.reason(reason))}
              <small lang="en">{detail}</small>
            </div>
          </li>
        ))}
      </ul>
    </td>
  );
}
