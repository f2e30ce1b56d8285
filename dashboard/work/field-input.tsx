import { useId } from 'preact/hooks';
import type { Field } from './fields.ts';
import { EnergyInput, PhotoInput, type SpecialInputProps } from './special-input.tsx';
import { useWords } from './words/words.ts';

interface FieldInputProps {
  readonly field: Field;
  readonly value: string;
  /** Why it was not accepted; `english` where the gateway says so. */
  readonly error: FieldError | undefined;
  readonly set: (value: string) => void;
}

export interface FieldError {
  readonly text: string;
  readonly english: boolean;
}

/** Numbers are typed as text: a wheel must not change them, and full-width digits are digits. */
const keyboards: Readonly<Record<Field['kind'], 'numeric' | 'decimal' | 'text'>> = {
  number: 'decimal',
  count: 'numeric',
  text: 'text',
  time: 'text',
  person: 'text',
  choice: 'text',
  instant: 'text',
  energy: 'decimal',
  photo: 'text',
};

/** One field with its unit, its limits and, at it, the reason why it was refused. */
export function FieldInput(props: FieldInputProps) {
  return props.field.kind === 'choice' ? <Choice {...props} /> : <Line {...props} />;
}

function Line({ field, value, error, set }: FieldInputProps) {
  const words = useWords();
  const id = useId();
  const common = {
    id,
    name: field.name,
    'aria-required': field.optional !== true,
    'aria-invalid': error !== undefined,
    'aria-describedby': `${id}-hint ${id}-error`,
  };
  return (
    <div class="field">
      <label for={id}>
        {field.label}
        {field.unit === undefined ? null : <small>{field.unit}</small>}
        {field.kind === 'time' || field.kind === 'instant' ? (
          <small>{words.form.japanTime}</small>
        ) : null}
        {field.optional === true ? <small>{words.form.optional}</small> : null}
      </label>
      <Input common={common} field={field} label={field.label} value={value} set={set} />
      <Below id={id} field={field} error={error} />
    </div>
  );
}

function Input(props: SpecialInputProps & { readonly field: Field }) {
  const { field, common, value, set } = props;
  if (field.kind === 'energy') return <EnergyInput {...props} />;
  if (field.kind === 'photo') return <PhotoInput {...props} />;
  const typed = {
    ...common,
    inputMode: keyboards[field.kind],
    autocomplete: field.kind === 'person' ? 'name' : 'off',
    maxLength: 500,
    value,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      set(event.currentTarget.value),
  };
  if (field.kind === 'time') return <input {...typed} type="datetime-local" />;
  if (field.kind === 'instant') return <input {...typed} type="datetime-local" step="0.001" />;
  return <input {...typed} type="text" />;
}

function Choice({ field, value, error, set }: FieldInputProps) {
  const id = useId();
  return (
    <fieldset class="field" aria-describedby={`${id}-hint ${id}-error`}>
      <legend>{field.label}</legend>
      {(field.options ?? []).map(([option, words]) => (
        <label class="choice" key={option}>
          <input
            type="radio"
            name={field.name}
            value={option}
            checked={value === option}
            onChange={() => set(option)}
          />
          {words}
        </label>
      ))}
      <Below id={id} field={field} error={error} />
    </fieldset>
  );
}

/** Both stay in the document, so that what describes the input can always be found. */
function Below({ id, field, error }: Pick<FieldInputProps, 'field' | 'error'> & { id: string }) {
  return (
    <>
      <p class="field-hint" id={`${id}-hint`}>
        {field.hint}
      </p>
      <p
        class="field-error"
        id={`${id}-error`}
        data-testid={`error-${field.name}`}
        lang={error?.english === true ? 'en' : undefined}
      >
        {error?.text}
      </p>
    </>
  );
}
