import { AbortError, HttpError, RequestTimedOutError } from '@influxdata/influxdb-client';
import { StoreError } from '../port.ts';

/** Where the store is, as messages name it. */
export interface Place {
  readonly url: string;
  readonly database: string;
}

/**
 * Content the server will not take, as far as its answer goes: of readings, events and records the refused ones are left
 * out; what is Kadoru's alone is refused only where somebody else writes to its measurements, and is tried again.
 */
export class RefusedLines extends StoreError {
  /** What the server said. */
  readonly reason: string;

  constructor(reason: string, { url, database }: Place) {
    super(
      `store ${url} "${database}": ${reason}; give Kadoru a bucket of its own in which nothing expires (store.bucket)`,
      true,
    );
    this.reason = reason;
  }
}

/** What the servers say when it is the lines and not the request that is wrong (1.x answers 400, 2.x 400 or 422). */
const aboutLines =
  /partial write|unable to parse|field type conflict|time outside range|beyond retention|line protocol|max(imum)? .*exceeded/i;

export function isNotFound(error: unknown): boolean {
  return error instanceof HttpError && error.statusCode === 404;
}

/** Seconds of Retry-After as the server meant them: the client reads them as milliseconds (facts/mqtt-influxdb.md). */
export function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof HttpError)) return undefined;
  const given = error.headers?.['retry-after'];
  const seconds = typeof given === 'string' ? Number(given) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** Turns what a request ended with into an error for people; `RefusedLines` where the lines were refused. */
export function explained(error: unknown, place: Place): Error {
  if (error instanceof HttpError) return ofStatus(error, place);
  if (error instanceof AbortError || error instanceof RequestTimedOutError || isTimeout(error))
    return retry(
      place,
      'no whole answer in time',
      'see that InfluxDB is not overloaded or cut off',
      error,
    );
  return retry(place, detailOf(error), wayOutOf(error), error);
}

function ofStatus(error: HttpError, place: Place): Error {
  const said = messageOf(error);
  const { statusCode } = error;
  if ((statusCode === 400 || statusCode === 422) && aboutLines.test(said))
    return new RefusedLines(said, place);
  return retry(place, `${statusCode} ${said}`, statusWayOut(statusCode, place), error);
}

function statusWayOut(status: number, { database }: Place): string {
  switch (status) {
    case 400:
    case 422:
      return 'the request was not understood: check store.url, store.bucket and store.org';
    case 401:
      return 'set store.tokenFile to a token that InfluxDB knows (1.x: "user:password")';
    case 403:
      return `give the token of store.tokenFile read and write permission for "${database}"`;
    case 404:
      return `check store.url (a path in it, a proxy) and that the bucket "${database}" of store.bucket exists`;
    case 413:
      return 'raise max-body-size of InfluxDB or of the proxy before it';
    case 429:
    case 503:
      return 'InfluxDB is busy or starting; it is asked again';
    default:
      return status >= 500
        ? 'look at the log of InfluxDB'
        : 'check store.url: is this an InfluxDB?';
  }
}

function wayOutOf(error: unknown): string {
  const code = codeOf(error);
  if (/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/.test(code))
    return 'renew the certificate of InfluxDB, or set the clock of this machine';
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return 'set store.caFile to the certificate authority of InfluxDB';
  if (code === 'ECONNREFUSED') return 'start InfluxDB or correct store.url';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'correct the host in store.url';
  return 'check store.url and the network';
}

function retry(place: Place, what: string, wayOut: string, cause: unknown): StoreError {
  return new StoreError(`store ${place.url} "${place.database}": ${what}; ${wayOut}`, true, cause);
}

/** 1.x says `{"error":…}`, 2.x `{"code":…,"message":…}`; a proxy says a page. */
function messageOf(error: HttpError): string {
  const answer: unknown = error.json;
  if (typeof answer === 'object' && answer !== null)
    for (const key of ['error', 'message'] as const) {
      const said: unknown = Reflect.get(answer, key);
      if (typeof said === 'string') return said;
    }
  return (error.body ?? error.statusMessage ?? '').trim().slice(0, 300);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
}

function detailOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text === '' ? codeOf(error) : text;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
