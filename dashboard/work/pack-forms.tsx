import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Pack } from '#gateway/contract';
import { massText, massUncertaintyText, pressureText } from '../format.ts';
import { packPath } from '../link/paths.ts';
import { readBatchAnswer, readGaugeAnswer } from './answers.ts';
import type { Field } from './fields.ts';
import {
  batchFields,
  deliveryFields,
  drawFields,
  gaugeFields,
  resolutionFields,
  returnFields,
} from './forms.ts';
import { personField, WorkForm } from './work-form.tsx';
import { useWords, type Words } from './words/words.ts';

export interface PackFormProps {
  readonly pack: Pack;
  /** The gateway's time at which the form was opened. */
  readonly nowMs: number;
  readonly close: () => void;
}

interface PlainProps extends PackFormProps {
  readonly below: string;
  readonly fields: readonly Field[];
  readonly texts: { readonly title: string; readonly explain: string };
  readonly done?: (answer: string) => ComponentChildren;
}

function Plain({ pack, below, fields, texts, close, done }: PlainProps) {
  const words = useWords();
  return (
    <WorkForm
      title={texts.title}
      explain={texts.explain}
      about={aboutPack(words, pack)}
      fields={[...fields, personField(words)]}
      path={packPath(pack, below)}
      identified
      close={close}
      {...(done === undefined ? {} : { done })}
    />
  );
}

export function aboutPack(words: Words, { name }: Pack): string {
  return words.id(name);
}

export function GaugeForm(props: PackFormProps) {
  const words = useWords();
  return (
    <Plain
      {...props}
      below="gauge-readings"
      fields={gaugeFields(words, props.nowMs)}
      texts={words.gauge}
      done={(answer) => <GaugeAnswer answer={answer} />}
    />
  );
}

function GaugeAnswer({ answer }: { readonly answer: string }) {
  const words = useWords().gauge;
  const read = readGaugeAnswer(answer);
  if (read === undefined) return null;
  const { hydrogen, transmitter } = read;
  const line = (label: string, kg: number, uncertaintyKg: number) => (
    <div>
      <dt>{label}</dt>
      <dd>
        <b>{massText(kg)}</b> ± {massUncertaintyText(uncertaintyKg)} kg
      </dd>
    </div>
  );
  return (
    <>
      <dl class="work-answer" data-testid="kilograms">
        {line(words.usable, hydrogen.usableKg, hydrogen.usableExpandedUncertaintyKg)}
        {line(words.total, hydrogen.totalKg, hydrogen.expandedUncertaintyKg)}
        {line(
          words.beforeStop,
          hydrogen.usableBeforeStopKg,
          hydrogen.usableBeforeStopExpandedUncertaintyKg,
        )}
      </dl>
      <p>{transmitter === null ? words.noTransmitter : besideText(words, transmitter)}</p>
    </>
  );
}

function besideText(
  words: Words['gauge'],
  beside: { pressureMpa: number; differenceMpa: number; toleranceMpa: number },
): string {
  const { pressureMpa, differenceMpa, toleranceMpa } = beside;
  const agrees = Math.abs(differenceMpa) <= toleranceMpa;
  const compared = words.transmitter(
    pressureText(pressureMpa),
    pressureText(differenceMpa),
    pressureText(toleranceMpa),
  );
  return `${compared} ${agrees ? words.agrees : words.disagrees}`;
}

interface DeliveryFormProps extends PackFormProps {
  /** The change it explains; without one it is entered from the papers alone. */
  readonly segmentAt?: number;
}

export function DeliveryForm({ pack, nowMs, close, segmentAt }: DeliveryFormProps) {
  const words = useWords();
  const { delivery } = words;
  const seenMs = segmentAt ?? nowMs;
  return (
    <WorkForm
      title={delivery.title}
      explain={segmentAt === undefined ? delivery.explain : delivery.explainSwap}
      about={aboutPack(words, pack)}
      fields={[...deliveryFields(words, pack, seenMs, seenMs), personField(words)]}
      path={packPath(pack, 'deliveries')}
      identified
      more={(body) => ({
        kind: 'body',
        body: segmentAt === undefined ? body : { segmentAt, ...body },
      })}
      close={close}
    />
  );
}

interface ReturnFormProps extends PackFormProps {
  readonly delivery: NonNullable<Pack['delivery']>;
}

/** The state in which the present delivery's pack came off the line. */
export function ReturnForm({ delivery, ...props }: ReturnFormProps) {
  const words = useWords();
  const { returnTitle: title, returnExplain } = words.delivery;
  return (
    <Plain
      {...props}
      below={`deliveries/${encodeURIComponent(delivery.id)}/return`}
      fields={returnFields(words, props.nowMs)}
      texts={{ title, explain: returnExplain(delivery.serial) }}
    />
  );
}

export function DrawForm(props: PackFormProps) {
  const words = useWords();
  const fields = drawFields(words, props.nowMs);
  return <Plain {...props} below="draws" fields={fields} texts={words.draw} />;
}

export function BatchForm(props: PackFormProps) {
  const words = useWords();
  return (
    <Plain
      {...props}
      below="batches"
      fields={batchFields(words, props.nowMs)}
      texts={words.batch}
      done={(answer) => <p data-testid="kilograms">{batchText(words.batch, answer)}</p>}
    />
  );
}

function batchText(words: Words['batch'], answer: string): string {
  const read = readBatchAnswer(answer);
  if (read === undefined) return '';
  const { state, drawn, lessThanKg } = read;
  if (state === 'resolved' && drawn !== null)
    return words.resolved(massText(drawn.kg), massUncertaintyText(drawn.expandedUncertaintyKg));
  if (state === 'not-resolved' && lessThanKg !== null)
    return words.notResolved(massUncertaintyText(lessThanKg));
  if (state === 'running') return words.running;
  return state === 'unexplained' ? words.unexplained : words.noData;
}

interface ResolutionFormProps extends PackFormProps {
  readonly segmentAt: number;
  readonly toDelivery: () => void;
}

/** What a person says of a change; a swap leads on to the delivery that explains it. */
export function ResolutionForm({ pack, segmentAt, toDelivery, close }: ResolutionFormProps) {
  const words = useWords();
  const { resolution } = words;
  const [what, setWhat] = useState('');
  const fields = resolutionFields(words, what);
  const swap = what === 'swap';
  return (
    <WorkForm
      title={resolution.title}
      explain={resolution.explain}
      about={aboutPack(words, pack)}
      fields={swap ? fields : [...fields, personField(words)]}
      path={packPath(pack, `segments/${segmentAt}/resolution`)}
      identified
      typed={(values) => setWhat(values['what'] ?? '')}
      instead={swap ? toDelivery : undefined}
      {...(swap ? { sendLabel: resolution.next } : {})}
      close={close}
    />
  );
}
