import type { z } from 'zod';

/** Something a person must put right: the message says what, where and how. Printed without a stack. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}

/** What was typed is wrong: exit status 2 instead of 1. */
export class UsageMistake extends Complaint {}

/** A file that cannot be read or written, in a person's words; undefined for anything else that was thrown. */
export function fileTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error) || !('code' in error)) return undefined;
  const reason = reasons.get(String(error.code));
  return reason === undefined ? undefined : `${String(error.path)}: ${reason}`;
}

const reasons = new Map([
  ['EACCES', 'this user may not write (or read) there; give it the folder, or name another one'],
  ['EPERM', 'this user may not write (or read) there; give it the folder, or name another one'],
  ['EROFS', 'the disk is read-only; name another folder'],
  ['ENOSPC', 'the disk is full'],
  ['ENOTDIR', 'is a file, or lies below one; name a folder'],
  ['EEXIST', 'is there already, and is no folder'],
]);

/** Every mistake of a configuration, one line each: path, what is wrong, value. Parse with `reportInput`. */
export function mistakes(source: string, error: z.ZodError): Complaint {
  return new Complaint(
    [`${source} cannot be used:`, ...error.issues.flatMap(describe)].join('\n  '),
  );
}

const at = (path: readonly PropertyKey[]): string => path.map(String).join('.') || '(top)';

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) => `${at([...issue.path, key])}: unknown key; check its spelling or remove it`,
    );
  const given = issue.input === undefined ? 'nothing' : JSON.stringify(issue.input).slice(0, 80);
  return [`${at(issue.path)}: ${issue.message} (given: ${given})`];
}

/** The message of anything thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
