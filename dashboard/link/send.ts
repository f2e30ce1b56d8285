import { type Refusal, readProblem } from './problem.ts';
import { ask } from './browser.ts';

export type SendAnswer =
  | { readonly kind: 'done'; readonly body: string }
  | { readonly kind: 'refused'; readonly problem: Refusal }
  | { readonly kind: 'signed-out' | 'unreachable' };

/** Sends one statement of a person. `unreachable` leaves open whether it arrived: the same may be sent again. */
export function send(path: string, body: unknown): Promise<SendAnswer> {
  return post(path, 'application/json', JSON.stringify(body));
}

/** Sends a table of many. */
export function sendTable(path: string, table: string): Promise<SendAnswer> {
  return post(path, 'text/csv', table);
}

async function post(path: string, media: string, body: string): Promise<SendAnswer> {
  try {
    const answer = await ask(path, { method: 'POST', headers: { 'content-type': media }, body });
    const text = await answer.text();
    if (answer.ok) return { kind: 'done', body: text };
    if (answer.status === 401) return { kind: 'signed-out' };
    return { kind: 'refused', problem: readProblem(text, answer.status) };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** The text of a list; undefined where none came. */
export async function fetchText(path: string): Promise<string | undefined> {
  try {
    const answer = await ask(path);
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
