import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { FieldInput } from './field-input.tsx';
import type { Field, Values } from './fields.ts';
import { rememberedPerson } from './person.ts';
import { type Errors, type FormSetup, useForm } from './use-form.ts';
import { useWords, type Words } from './words/words.ts';

export interface WorkFormProps extends FormSetup {
  readonly title: string;
  readonly explain: string;
  /** What it is about. */
  readonly about: string;
  readonly sendLabel?: string;
  readonly close: () => void;
  /** Inputs that are no plain fields, between the fields and the buttons. */
  readonly extra?: (errors: Errors) => ComponentChildren;
  /** Hears what was typed, for forms that change with it. */
  readonly typed?: (values: Values) => void;
  /** Takes the submission over, where the form only leads on. */
  readonly instead?: (() => void) | undefined;
  /** Words for the gateway's answer. */
  readonly done?: (answer: string) => ComponentChildren;
}

/** A short form: what it asks, what it refused and why, and what came of it. */
export function WorkForm(props: WorkFormProps) {
  const { title, explain, about, fields, typed, instead } = props;
  const words = useWords();
  const form = useForm(props);
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => typed?.(form.values), [form.values]);
  useEffect(
    () => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
    [form.errors],
  );
  if (form.phase === 'done') return <Done {...props} answer={form.answer} />;
  return (
    <form
      ref={element}
      class="work-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (instead === undefined) void form.submit();
        else instead();
      }}
    >
      <h2>{title}</h2>
      <p class="work-about">{about}</p>
      <p>{explain}</p>
      <Fields form={form} fields={fields.filter(({ kind }) => kind !== 'person')} />
      {props.extra?.(form.errors)}
      <Fields form={form} fields={fields.filter(({ kind }) => kind === 'person')} />
      <div class="work-end">
        <div class="work-complaints" role="alert" data-testid="complaints">
          {form.complaints.map(({ text, english }) => (
            <p key={text} lang={english ? 'en' : undefined}>
              {text}
            </p>
          ))}
        </div>
        <Buttons {...props} busy={form.phase === 'busy'} words={words} />
      </div>
    </form>
  );
}

interface FieldsProps {
  readonly fields: readonly Field[];
  readonly form: ReturnType<typeof useForm>;
}

function Fields({ fields, form }: FieldsProps) {
  return (
    <div class="fields">
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={form.values[field.name] ?? ''}
          error={form.errors[field.name]}
          set={(value) => form.set(field.name, value)}
        />
      ))}
    </div>
  );
}

interface ButtonsProps extends WorkFormProps {
  readonly busy: boolean;
  readonly words: Words;
}

function Buttons({ sendLabel, busy, words, close }: ButtonsProps) {
  return (
    <div class="work-buttons">
      <button type="submit" class="main-button" disabled={busy} data-testid="send">
        {busy ? words.form.busy : (sendLabel ?? words.form.send)}
      </button>
      <button type="button" onClick={close}>
        {words.form.cancel}
      </button>
    </div>
  );
}

function Done({ title, about, done, answer, close }: WorkFormProps & { readonly answer: string }) {
  const words = useWords();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div class="work-form" data-testid="done">
      <h2>{title}</h2>
      <p class="work-about">{about}</p>
      <div role="status">
        <p class="work-recorded">{words.form.recorded}</p>
        {done?.(answer)}
      </div>
      <div class="work-buttons">
        <button type="button" class="main-button" ref={button} onClick={close}>
          {words.form.close}
        </button>
      </div>
    </div>
  );
}

/** Who says so: typed once and remembered in this browser. */
export function personField({ by }: Words): Field {
  const first = rememberedPerson(() => localStorage);
  return { name: 'by', kind: 'person', label: by.label, hint: by.hint, first };
}
