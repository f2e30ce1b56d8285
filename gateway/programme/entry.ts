import { canonicalJson } from '../store/canonical-json.ts';
import type { OperatorRecord } from '../store/port.ts';
import type { RecordDesk } from '../records/desk.ts';
import { programmeBodies, programmeSite, type ProgrammeKind } from '../records/programme-kinds.ts';

/** Something of the programme as it should stand from now on. */
export interface Entry {
  readonly kind: ProgrammeKind;
  /** The id of what it is about. */
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A record that would make an entry stand: the next revision of its subject, or undefined where it says the same. */
export function revisionFor(
  desk: RecordDesk,
  { kind, subject, body }: Entry,
  { by, nowMs }: { readonly by: string; readonly nowMs: number },
): OperatorRecord | undefined {
  const shaped: Readonly<Record<string, unknown>> = { ...programmeBodies[kind].parse(body) };
  const before = desk.of(kind, programmeSite, subject);
  const last = before.at(-1);
  if (last !== undefined && canonicalJson(last.body, kind) === canonicalJson(shaped, kind))
    return undefined;
  // Records are ordered by their times: a clock that was set back must not make the old word the last one.
  const recordedAt = Math.max(nowMs, (last?.recordedAt ?? 0) + 1);
  const id = `${subject}/${before.length + 1}`;
  return { site: programmeSite, kind, id, subject, at: recordedAt, recordedAt, by, body: shaped };
}
