import { useRef, useState } from 'preact/hooks';
import { placeProblem } from '../link/problem.ts';
import { send, type SendAnswer } from '../link/send.ts';
import type { FieldError } from './field-input.tsx';
import type { Body, Field, Reading, Values } from './fields.ts';
import { firstValues, readFields } from './fields.ts';
import { rememberPerson } from './person.ts';
import { randomId, requestIds } from './request-id.ts';
import { useWords, type Words } from './words/words.ts';

export interface FormSetup {
  readonly fields: readonly Field[];
  readonly path: string;
  /** Statements about packs carry an id, so that sending again cannot double them. */
  readonly identified: boolean;
  /** How it is sent, where that is not as JSON. */
  readonly post?: (path: string, body: Body) => Promise<SendAnswer>;
  /** What the form holds besides its fields; says what is wrong with it, or adds to the body. */
  readonly more?: (body: Body) => MoreReading;
  /** Names of what `more` asks for, for the gateway's errors. */
  readonly moreNames?: readonly string[];
}

export type MoreReading =
  | { readonly kind: 'body'; readonly body: Body }
  | { readonly kind: 'errors'; readonly errors: Errors };

export type Errors = Readonly<Record<string, FieldError>>;

export interface FormState {
  readonly values: Values;
  readonly errors: Errors;
  readonly phase: 'filling' | 'busy' | 'done';
  /** What belongs to no field. */
  readonly complaints: readonly FieldError[];
  /** The gateway's answer, once it is done. */
  readonly answer: string;
}

interface Form extends FormState {
  readonly set: (name: string, value: string) => void;
  readonly submit: () => Promise<void>;
}

/** What was typed, what is wrong with it, and how far its sending is. */
export function useForm(setup: FormSetup): Form {
  const words = useWords();
  const ids = useRef(requestIds(randomId));
  const [state, setState] = useState<FormState>(() => ({
    values: firstValues(setup.fields),
    errors: {},
    phase: 'filling',
    complaints: [],
    answer: '',
  }));
  const change = (part: Partial<FormState>): void => setState((known) => ({ ...known, ...part }));

  async function submit(): Promise<void> {
    const reading = readAll(setup, state.values, words);
    if (reading.kind === 'errors') return change({ errors: reading.errors, complaints: [] });
    const { body } = reading;
    change({ phase: 'busy', errors: {}, complaints: [] });
    // Also where it is refused: a name is typed once.
    remember(state.values);
    const id = setup.identified ? { id: ids.current.idFor(body) } : {};
    const answer = await (setup.post ?? send)(setup.path, { ...id, ...body });
    change(afterAnswer(answer, setup, words));
  }

  return {
    ...state,
    set: (name, value) =>
      setState((known) => ({ ...known, values: { ...known.values, [name]: value } })),
    submit,
  };
}

function readAll(setup: FormSetup, values: Values, words: Words): MoreReading {
  const reading = readFields(setup.fields, values);
  const more = setup.more?.(reading.kind === 'body' ? reading.body : {});
  const errors = { ...mistakesIn(reading, words), ...(more?.kind === 'errors' ? more.errors : {}) };
  if (Object.keys(errors).length > 0 || reading.kind !== 'body') return { kind: 'errors', errors };
  return more ?? reading;
}

function mistakesIn(reading: Reading, words: Words): Errors {
  if (reading.kind === 'body') return {};
  return Object.fromEntries(
    Object.entries(reading.mistakes).map(([name, mistake]) => [
      name,
      { text: words.mistake[mistake], english: false },
    ]),
  );
}

function afterAnswer(
  answer: SendAnswer,
  { fields, moreNames = [], identified }: FormSetup,
  { form, reason, tableMistake }: Words,
): Partial<FormState> {
  const said = (text: string): FieldError => ({ text, english: false });
  const english = (text: string): FieldError => {
    const words = reason(text);
    return words === '' ? { text, english: true } : { text: words, english: false };
  };
  switch (answer.kind) {
    case 'done':
      return { phase: 'done', answer: answer.body };
    case 'signed-out':
      return { phase: 'filling', complaints: [said(form.signedOut)] };
    case 'unreachable': {
      const text = identified ? form.unreachable : form.unreachableAlarm;
      return { phase: 'filling', complaints: [said(text)] };
    }
    case 'refused': {
      const names = [...fields.map(({ name }) => name), ...moreNames];
      const { atFields, rest, rows } = placeProblem(answer.problem, names);
      const errors = Object.fromEntries(
        Object.entries(atFields).map(([name, text]) => [name, english(text)]),
      );
      const complaints = [...rows.map((row) => said(tableMistake(row))), ...rest.map(english)];
      return { phase: 'filling', errors, complaints: [said(form.refused), ...complaints] };
    }
  }
}

function remember({ by }: Values): void {
  if (by !== undefined) rememberPerson(() => localStorage, by.trim());
}
