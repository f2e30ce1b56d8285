import type { Problem } from '#gateway/contract';
import { decode } from './decode.ts';
import { listOf, optional, shape, text } from './shape.ts';

type Told = Pick<NonNullable<Problem['errors']>[number], 'field' | 'detail'>;

/** What is used of a problem document (RFC 9457). */
export interface Refusal extends Pick<Problem, 'title' | 'detail'> {
  readonly errors?: readonly Told[] | undefined;
}

const refusal = shape<Refusal>({
  title: text,
  detail: optional(text),
  errors: optional(listOf(shape<Told>({ field: text, detail: text }), 200)),
});

/** A refusal in the gateway's words; of one that sent no problem document, only the status is known. */
export function readProblem(body: string, status: number): Refusal {
  return decode(body, refusal) ?? { title: `HTTP ${status}` };
}

export interface Placed {
  /** By field name. */
  readonly atFields: Readonly<Record<string, string>>;
  /** What belongs to no field of the form. */
  readonly rest: readonly string[];
}

/**
 * Puts each error at the field it is about. One about a whole group (`arrival`) stands at the first field of it, one
 * about a part that is no field (`points.2.shownMpa`) at the field that holds it.
 */
export function placeProblem(
  { title, detail, errors = [] }: Refusal,
  names: readonly string[],
): Placed {
  const atFields: Record<string, string> = {};
  const rest: string[] = [];
  for (const error of errors) {
    const name = fieldFor(error.field, names);
    if (name === undefined) rest.push(`${error.field}: ${error.detail}`);
    else atFields[name] = [atFields[name], error.detail].filter(Boolean).join('; ');
  }
  return { atFields, rest: errors.length === 0 ? [detail ?? title] : rest };
}

function fieldFor(field: string, names: readonly string[]): string | undefined {
  return (
    names.find((name) => name === field) ??
    names.find((name) => name.startsWith(`${field}.`) || field.startsWith(`${name}.`))
  );
}
