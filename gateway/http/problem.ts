import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Problem } from '#gateway/contract';
import { RefusedRecords, StoreError } from '../store/port.ts';
import type { Log } from './parts.ts';

type FieldError = NonNullable<Problem['errors']>[number];

/** A request that gets no answer, as RFC 9457 wants it told. Thrown by routes, answered by `problemResponse`. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    errors?: readonly FieldError[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    const title = STATUS_CODES[status] ?? 'Error';
    // RFC 9457, section 4.2.1: "about:blank" says that the title is the status's own.
    const problem = { type: 'about:blank', title, status, detail };
    this.problem = errors === undefined ? problem : { ...problem, errors: [...errors] };
    this.headers = headers;
  }
}

/** 400 about one field: its name, the value given and the way out. */
export function badField(field: string, value: unknown, detail: string): HttpProblem {
  return new HttpProblem(400, `${field}: ${detail}`, [{ field, value: shown(value), detail }]);
}

/** 404 about an id, naming the known ones. */
export function unknownId(field: string, value: string, known: readonly string[]): HttpProblem {
  const detail = `no such ${field}; ${listed(known)}`;
  return new HttpProblem(404, detail, [{ field, value: shown(value), detail }]);
}

const listedIds = 50;

function listed(known: readonly string[]): string {
  if (known.length === 0) return 'there is none';
  const more = known.length > listedIds ? ` and ${known.length - listedIds} more` : '';
  return `known: ${known.slice(0, listedIds).join(', ')}${more}`;
}

/** A given value as an answer repeats it: bounded. */
export function shown(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return shown(JSON.stringify(value));
  return typeof value === 'string' && value.length > 100 ? `${value.slice(0, 100)}...` : value;
}

/** Any failure of a route as a problem. What was not foreseen is logged under an id, and only the id is told. */
export function toProblem(error: unknown, log: Log, path: string): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const incident = logIncident(error, log, path);
  if (error instanceof StoreError && error.retryable)
    return new HttpProblem(
      503,
      `the store does not answer; try again, or look for ${incident} in the gateway's log`,
      undefined,
      { 'retry-after': '5' },
    );
  if (error instanceof RefusedRecords)
    return new HttpProblem(500, `not entered: ${error.message} (${incident} in the gateway's log)`);
  return new HttpProblem(500, `something failed; look for ${incident} in the gateway's log`);
}

/** Logs a failure and answers the id it can be found under. */
export function logIncident(error: unknown, log: Log, path: string): string {
  const incident = randomUUID();
  log.error({ err: error, incident, path }, 'a request failed');
  return incident;
}

export function problemResponse({ problem, headers }: HttpProblem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      ...headers,
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    },
  });
}
