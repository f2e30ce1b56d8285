import { claimSchema, type UncountedReason, uncountedReasonSchema } from '#gateway/contract';
import { systemClock } from '../clock.ts';
import type { ClaimQuestion } from './calculate.ts';
import type { StandingClaim } from './life.ts';
import { ClaimQuestionError } from './obstacle.ts';
import { acknowledgeable, type Acknowledgement } from './stretch-obstacles.ts';

/** What a person typed after `claims ACTION`. */
export type ClaimValues = Readonly<
  Record<string, string | boolean | readonly string[] | undefined>
>;

export function questionOf(
  values: ClaimValues,
  corrects: StandingClaim | undefined,
): ClaimQuestion {
  const frozenAt = optional(values, 'frozen-at');
  if (frozenAt !== undefined && !claimSchema.shape.frozenAt.safeParse(frozenAt).success)
    throw new ClaimQuestionError(`--frozen-at ${frozenAt}: write 2026-05-01T09:00:00+09:00`);
  return {
    project: corrects?.frozen.project ?? text(values, 'project'),
    fiscalYear: corrects?.frozen.fiscalYear ?? yearOf(text(values, 'fiscal-year')),
    fixture: corrects?.frozen.fixture ?? values['fixture'] === true,
    acknowledged: many(values, 'acknowledge').map(acknowledgementOf),
    corrects,
    atMs: frozenAt === undefined ? systemClock.wallMs() : Date.parse(frozenAt),
  };
}

function yearOf(given: string): number {
  if (/^2\d{3}$/.test(given)) return Number(given);
  throw new ClaimQuestionError(
    `--fiscal-year ${given}: write the year of its 1 April, such as 2021`,
  );
}

/** `RULE:DOCUMENT:PAGE`, for every reason that can be acknowledged, or `RULE:DOCUMENT:PAGE:REASON,REASON`. */
function acknowledgementOf(given: string): Acknowledgement {
  const [rule = '', document = '', page = '', listed, ...more] = given.split(':');
  if (rule === '' || document === '' || page === '' || more.length > 0)
    throw new ClaimQuestionError(
      `--acknowledge ${given}: write RULE:DOCUMENT:PAGE[:REASON,REASON]`,
    );
  const reasons =
    listed === undefined
      ? acknowledgeable
      : listed.split(',').map((reason) => reasonOf(given, reason));
  return { rule, document, page, reasons };
}

function reasonOf(given: string, reason: string): UncountedReason {
  const parsed = uncountedReasonSchema.safeParse(reason);
  if (parsed.success && acknowledgeable.includes(parsed.data)) return parsed.data;
  throw new ClaimQuestionError(
    `--acknowledge ${given}: "${reason}" cannot be acknowledged; there is ${acknowledgeable.join(', ')}`,
  );
}

export function optional(values: ClaimValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function many(values: ClaimValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export function text(values: ClaimValues, name: string): string {
  const value = optional(values, name);
  if (value === undefined) throw new ClaimQuestionError(`--${name} is needed`);
  return value;
}
