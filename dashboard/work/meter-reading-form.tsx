import type { Meter } from '#gateway/contract';
import { fixed, registerText } from '../format.ts';
import { meterReadingsPath } from '../link/paths.ts';
import { readMeterReadings } from './meter-answers.ts';
import { meterReadingFields } from './meter-fields.ts';
import { useMeterNames } from './meter-names.ts';
import { personField, WorkForm } from './work-form.tsx';
import { useWords } from './words/words.ts';

export interface MeterFormProps {
  readonly meters: readonly Meter[];
  /** The gateway's time at which the form was opened. */
  readonly nowMs: number;
  readonly close: () => void;
}

/** A display that a person read, and the metered register beside it. */
export function MeterReadingForm({ meters, nowMs, close }: MeterFormProps) {
  const words = useWords();
  const names = useMeterNames(meters);
  const { reading } = words.meter;
  return (
    <WorkForm
      title={reading.title}
      explain={reading.explain}
      about={words.id(names.map(([, name]) => name).join(' · '))}
      fields={[...meterReadingFields(words, names, nowMs), personField(words)]}
      path={meterReadingsPath}
      identified={false}
      done={(answer) => <Compared answer={answer} />}
      close={close}
    />
  );
}

function Compared({ answer }: { readonly answer: string }) {
  const words = useWords().meter.reading;
  const [taken] = readMeterReadings(answer) ?? [];
  if (taken === undefined) return null;
  const { metered } = taken;
  if (metered === null) return <p data-testid="metered">{words.noMetered}</p>;
  const said = words.metered(registerText(metered.wh), fixed(metered.differenceWh, 0));
  return (
    <p data-testid="metered">
      {said} {metered.agrees ? words.agrees : words.disagrees}
    </p>
  );
}
