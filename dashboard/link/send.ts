import { type Refusal, readProblem } from './problem.ts';
import { ask } from './browser.ts';

export type SendAnswer =
  | { readonly kind: 'done'; readonly body: string }
  | { readonly kind: 'refused'; readonly problem: Refusal }
  | { readonly kind: 'signed-out' | 'unreachable' };

/** Sends one statement of a person. `unreachable` leaves open whether it arrived: the same may be sent again. */
export async function send(path: string, body: unknown): Promise<SendAnswer> {
  try {
    const answer = await ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
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
