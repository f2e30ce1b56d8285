import type { Meter, ShownRegisterEvent } from '#gateway/contract';
import { registerText } from '../format.ts';
import { energyFirst } from './energy.ts';
import { type Body, type Field, instantValue, timeValue } from './fields.ts';
import type { WrongReading } from './task.ts';
import type { Words } from './words/words.ts';

/** The forms about registers as lists of fields. Names are those of gateway/contract/energy.ts. */

/** A register's key and its name as people know it. */
export type NamedMeter = readonly [key: Meter['meter'], name: string];

export function meterField({ meter }: Words, meters: readonly NamedMeter[]): Field {
  const [[only = ''] = []] = meters.length === 1 ? meters : [];
  return {
    name: 'meter',
    kind: 'choice',
    label: meter.which,
    options: meters,
    first: only,
  };
}

export function meterReadingFields(
  words: Words,
  meters: readonly NamedMeter[],
  nowMs: number,
): Field[] {
  const { reading } = words.meter;
  return [
    meterField(words, meters),
    { name: 'wh', kind: 'energy', label: reading.wh, hint: reading.whHint },
    {
      name: 'at',
      kind: 'time',
      label: reading.at,
      hint: reading.atHint,
      first: timeValue(nowMs),
    },
    {
      name: 'photoSha256',
      kind: 'photo',
      label: reading.photo,
      hint: reading.photoHint,
      optional: true,
    },
  ];
}

const kinds = ['reset-to-zero', 'replaced', 'wrapped', 'rollback', 'real', 'error'] as const;
type Kind = (typeof kinds)[number];

/** A register that fell has not risen; the gateway would refuse it. */
function kindsOf({ before, after }: ShownRegisterEvent): readonly Kind[] {
  return kinds.filter((kind) => kind !== 'real' || after >= before);
}

/** They depend on what happened: each kind asks only for what it counts. */
export function registerResolutionFields(
  words: Words,
  event: ShownRegisterEvent,
  kind: string,
): Field[] {
  const { resolution } = words.meter;
  return [
    {
      name: 'kind',
      kind: 'choice',
      label: resolution.kind,
      options: kindsOf(event).map((each) => [each, resolution.kinds[each]] as const),
    },
    ...amountFields(words, event, kind),
    { name: 'why', kind: 'text', label: resolution.why },
  ];
}

function amountFields({ meter }: Words, event: ShownRegisterEvent, kind: string): Field[] {
  const { resolution } = meter;
  const final = (label: string): Field => ({
    name: 'finalWh',
    kind: 'energy',
    label,
    hint: resolution.finalHint(registerText(event.before)),
    optional: true,
  });
  switch (kind) {
    case 'reset-to-zero':
      return [final(resolution.finalReset)];
    case 'replaced':
      return [
        final(resolution.finalReplaced),
        {
          name: 'startWh',
          kind: 'energy',
          label: resolution.start,
          hint: resolution.startHint(registerText(event.after)),
          optional: true,
        },
      ];
    case 'wrapped':
      return [
        { name: 'wrapAt', kind: 'energy', label: resolution.wrapAt, hint: resolution.wrapAtHint },
      ];
    case 'error':
      return [
        {
          name: 'until',
          kind: 'instant',
          label: resolution.until,
          hint: resolution.untilHint,
          optional: true,
        },
      ];
    default:
      return [];
  }
}

export function correctionFields({ meter }: Words, { at, wh }: WrongReading, outcome: string) {
  const { correction } = meter;
  const fields: Field[] = [
    { name: 'at', kind: 'instant', label: correction.at, first: instantValue(at) },
    {
      name: 'before',
      kind: 'energy',
      label: correction.before,
      hint: correction.beforeHint,
      optional: true,
      ...(wh === null ? {} : { first: energyFirst(wh) }),
    },
    {
      name: 'outcome',
      kind: 'choice',
      label: correction.outcome,
      options: [
        ['value', correction.outcomes.value],
        ['none', correction.outcomes.none],
      ],
    },
  ];
  if (outcome === 'value') fields.push({ name: 'after', kind: 'energy', label: correction.after });
  return [...fields, { name: 'why', kind: 'text', label: correction.why } satisfies Field];
}

/** What a correction's form holds, as the gateway takes it: no value is said, never left out. */
export function correctionBody(meter: string, body: Body): Body {
  const { outcome, before = null, after = null, ...rest } = body;
  return { meter, ...rest, before, after: outcome === 'none' ? null : after };
}
