import { ageOf } from '../plant/age.ts';
import { reasonOf, type Shown } from '../plant/standing.ts';
import { useTexts } from '../texts/texts.ts';
import { QualityMark } from './quality-mark.tsx';

export interface FigureProps {
  readonly label: string;
  readonly shown: Shown;
  /** Words for the value: called only where there is one. */
  readonly format: (value: number) => string;
  readonly unit: string;
  readonly gatewayNowMs: number;
  /** Shown after the value, such as a plus-minus. */
  readonly addition?: string | undefined;
  readonly note?: string | undefined;
  readonly testId?: string | undefined;
  readonly rank?: 'first' | 'second' | 'third';
  /** A figure beside this one that has told its reason: the same is not told again. */
  readonly beside?: Shown;
  /** Why there may be no value without a reason, where more is known than that. */
  readonly missing?: string;
  /** In the place of a value that is not there. */
  readonly unknown?: string;
}

/** One measured or computed figure with its unit, quality, age and, where it is not good, the reason. */
export function Figure(props: FigureProps) {
  const { label, shown, gatewayNowMs, note, rank = 'third' } = props;
  const texts = useTexts();
  const reason = reasonOf(shown);
  const told = props.beside !== undefined && reasonOf(props.beside) === reason;
  const why = { ...texts.why, missing: props.missing ?? texts.why.missing };
  return (
    <div class={`figure figure-${rank}`} data-state={shown.standing} data-testid={props.testId}>
      <dt class="figure-label">
        {label}
        {note === undefined ? null : <small>{note}</small>}
      </dt>
      <dd class="figure-value">
        <FigureValue {...props} />
      </dd>
      <dd class="figure-meta">
        <QualityMark standing={shown.standing} />
        <span class="age">{texts.age(ageOf(shown.measuredAt, gatewayNowMs))}</span>
      </dd>
      {reason === undefined || told ? null : <dd class="figure-why">{why[reason]}</dd>}
    </div>
  );
}

function FigureValue({ shown, format, unit, addition, unknown }: FigureProps) {
  const texts = useTexts();
  if (shown.value === null)
    return <span class="figure-unknown">{unknown ?? texts.pack.unknown}</span>;
  return (
    <>
      <span class="figure-number">{format(shown.value)}</span>
      <span class="figure-unit">{unit}</span>
      {addition === undefined ? null : <span class="figure-addition">{addition}</span>}
    </>
  );
}
