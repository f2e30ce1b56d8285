import { useState } from 'preact/hooks';
import type { Meter } from '#gateway/contract';
import { japanClock, japanMoment, registerText } from '../format.ts';
import { correctionsPath, readingsPath } from '../link/paths.ts';
import { fetchText } from '../link/send.ts';
import { partsOf } from '../plant/meters.ts';
import { type Field, type Values, readFields, timeValue } from './fields.ts';
import { nearestReadings, type StoredValue } from './meter-answers.ts';
import { correctionBody, correctionFields, meterField } from './meter-fields.ts';
import { nameOf, useMeterNames } from './meter-names.ts';
import type { MeterFormProps } from './meter-reading-form.tsx';
import type { WrongReading } from './task.ts';
import { useFetched } from './use-fetched.ts';
import { personField, WorkForm } from './work-form.tsx';
import { useWords, type Words } from './words/words.ts';

interface CorrectionFormProps extends MeterFormProps {
  readonly reading?: WrongReading | undefined;
}

interface Near {
  readonly meter: Meter;
  readonly atMs: number;
}

/** Finds the reading that is wrong, then asks what it should have been. */
export function CorrectionForm({ reading, ...props }: CorrectionFormProps) {
  const [near, setNear] = useState<Near | undefined>();
  const [picked, setPicked] = useState(reading);
  if (picked !== undefined) return <Correction {...props} reading={picked} />;
  if (near !== undefined) return <Picker {...props} near={near} pick={setPicked} />;
  return <Search {...props} found={setNear} />;
}

function Search({ meters, nowMs, close, found }: MeterFormProps & { found: (near: Near) => void }) {
  const words = useWords();
  const { correction } = words.meter;
  const names = useMeterNames(meters);
  const [typed, setTyped] = useState<Values>({});
  const fields: readonly Field[] = [
    meterField(words, names),
    {
      name: 'near',
      kind: 'time',
      label: correction.near,
      hint: correction.nearHint,
      first: timeValue(nowMs),
    },
  ];
  const near = nearOf(fields, typed, meters);
  return (
    <WorkForm
      title={correction.title}
      explain={correction.explain}
      about={words.id(names.map(([, name]) => name).join(' · '))}
      fields={fields}
      path={correctionsPath}
      identified={false}
      typed={setTyped}
      // Without both of them the form says what is missing; there is nothing to send.
      instead={near === undefined ? undefined : () => found(near)}
      more={(body) => ({ kind: 'body', body })}
      sendLabel={correction.find}
      close={close}
    />
  );
}

function nearOf(fields: readonly Field[], typed: Values, meters: readonly Meter[]) {
  const read = readFields(fields, typed);
  if (read.kind !== 'body') return undefined;
  const meter = meters.find((each) => each.meter === read.body['meter']);
  const atMs = Number(read.body['near']);
  return meter === undefined ? undefined : { meter, atMs };
}

const aroundMs = 600_000;
const mostOffered = 40;
/** Readings of people are stored under this name (gateway/derive/pack.ts). */
const peoplesDevice = 'manual';

interface PickerProps extends MeterFormProps {
  readonly near: Near;
  readonly pick: (reading: WrongReading) => void;
}

function Picker({ near, nowMs, pick, close }: PickerProps) {
  const words = useWords();
  const { correction } = words.meter;
  const read = useFetched(() => readNear(near));
  return (
    <div class="work-form" data-testid="reading-list">
      <h2>{correction.found}</h2>
      {read === 'loading' || read === 'failed' ? (
        <p role="status">{words.meter[read]}</p>
      ) : (
        <ul class="readings">
          {read.length === 0 ? <li>{correction.nothing}</li> : null}
          {read.map(({ at, value }) => (
            <li key={at}>
              <button
                type="button"
                onClick={() => pick({ meter: near.meter.meter, at, wh: value })}
              >
                {japanMoment(at, nowMs, japanClock)} {valueText(words, value)}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="work-buttons">
        <button type="button" onClick={close}>
          {words.form.cancel}
        </button>
      </div>
    </div>
  );
}

async function readNear({ meter, atMs }: Near): Promise<readonly StoredValue[] | undefined> {
  const { site, asset, quantity } = partsOf(meter);
  const channel = [site, meter.device ?? peoplesDevice, asset, quantity].join('/');
  const lines = await fetchText(readingsPath(channel, atMs - aroundMs, atMs + aroundMs));
  return nearestReadings(lines, atMs, mostOffered);
}

function valueText({ meter }: Words, value: number | null): string {
  return value === null ? meter.correction.noValue : `${registerText(value)} kWh`;
}

function Correction({ meters, reading, close }: MeterFormProps & { reading: WrongReading }) {
  const words = useWords();
  const { correction } = words.meter;
  const names = useMeterNames(meters);
  const [outcome, setOutcome] = useState('');
  return (
    <WorkForm
      title={correction.title}
      explain={correction.explain}
      about={words.id(nameOf(names, reading.meter))}
      fields={[...correctionFields(words, reading, outcome), personField(words)]}
      path={correctionsPath}
      identified={false}
      typed={(values) => setOutcome(values['outcome'] ?? '')}
      more={(body) => ({ kind: 'body', body: correctionBody(reading.meter, body) })}
      close={close}
    />
  );
}
