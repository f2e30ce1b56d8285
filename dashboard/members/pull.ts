import { ask } from '../link/browser.ts';
import { type Refusal, readProblem } from '../link/problem.ts';
import { calculationPath } from './paths.ts';
import { type CalculationPage, membersAtOnce, readCalculations } from './answers.ts';

export type Pulled =
  | { readonly kind: 'read'; readonly page: CalculationPage }
  | { readonly kind: 'not-allowed' | 'failed' }
  | { readonly kind: 'refused'; readonly problem: Refusal };

/** The gateway takes no shorter and no longer one (gateway/http/programme/gate.ts). */
export const purposeLength = { least: 2, most: 200 } as const;

/** A year of each of 200 members is summed for it. */
const limitMs = 60_000;

/**
 * Takes a page of members' values. Each call is a line in the gateway's ledger of pulls, with this purpose: it is for
 * a person's touch alone, and never repeated by itself.
 */
export async function pullMembers(
  project: string,
  purpose: string,
  page?: string,
): Promise<Pulled> {
  try {
    // Headers carry Latin-1: the gateway reads it percent-encoded. An address would be kept in logs on the way.
    const headers = { 'kadoru-purpose': encodeURIComponent(purpose) };
    const path = calculationPath(project, membersAtOnce, page);
    const answer = await ask(path, { headers }, limitMs);
    const body = await answer.text();
    if (answer.status === 401 || answer.status === 403) return { kind: 'not-allowed' };
    if (!answer.ok) return { kind: 'refused', problem: readProblem(body, answer.status) };
    const read = readCalculations(body);
    return read === undefined ? { kind: 'failed' } : { kind: 'read', page: read };
  } catch {
    return { kind: 'failed' };
  }
}
