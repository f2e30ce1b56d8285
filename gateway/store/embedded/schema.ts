import { StoreError } from '../port.ts';
import { inTransaction, type Database } from './driver.ts';

/**
 * Every version of the schema as the step that leads to it from the one before; `user_version` counts the steps taken.
 * A step that was ever released is never edited.
 *
 * `reading` and `run` are WITHOUT ROWID: the table is its own primary key, so a span of one series lies together on
 * disk. Names that repeat in every row (series, stream) are numbers; `quality`, `why` and `clock` are the codes of
 * `codes.ts`; `description` is JSON of topic and reasons; `received_after_ms` is receivedAt - at, which takes one to four bytes where receivedAt takes six.
 *
 * In `record` every text is JSON, a name too (`"keihin"`), because anybody may have typed anything; `position` is the
 * order of appending, for SQLite gives a new row the largest number and one, and no row is ever removed.
 */
export const schemaSteps: readonly string[] = [
  `
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL, device TEXT NOT NULL, asset TEXT NOT NULL, quantity TEXT NOT NULL,
    UNIQUE (site, device, asset, quantity)
  ) STRICT;
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    site TEXT NOT NULL, device TEXT NOT NULL, name TEXT NOT NULL,
    UNIQUE (site, device, name)
  ) STRICT;
  CREATE TABLE reading (
    series INTEGER NOT NULL, at INTEGER NOT NULL,
    value REAL, raw REAL, quality INTEGER NOT NULL, why INTEGER,
    clock INTEGER NOT NULL, stream INTEGER NOT NULL, seq INTEGER NOT NULL, received_after_ms INTEGER NOT NULL,
    PRIMARY KEY (series, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE run (
    stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    PRIMARY KEY (stream, first)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    stream INTEGER NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (stream, seq, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX event_at ON event (stream, at);
  CREATE TABLE quarantine (
    id TEXT NOT NULL PRIMARY KEY,
    site TEXT NOT NULL, device TEXT NOT NULL, received_at INTEGER NOT NULL,
    description TEXT NOT NULL, bytes BLOB NOT NULL
  ) STRICT;
  CREATE INDEX quarantine_age ON quarantine (received_at, id);
  CREATE TABLE derived_key (
    id INTEGER PRIMARY KEY,
    measurement TEXT NOT NULL, key TEXT NOT NULL,
    UNIQUE (measurement, key)
  ) STRICT;
  CREATE TABLE derived (
    key INTEGER NOT NULL, at INTEGER NOT NULL, fields TEXT NOT NULL,
    PRIMARY KEY (key, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE stale (key TEXT NOT NULL PRIMARY KEY, since INTEGER NOT NULL, mark INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX stale_since ON stale (since, key);
  CREATE TABLE tally (name TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO tally VALUES ('readings', 0), ('marks', 0);
  `,
  `
  CREATE TABLE record (
    position INTEGER PRIMARY KEY,
    site TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, subject TEXT NOT NULL,
    at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, by_whom TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (site, kind, id)
  ) STRICT;
  CREATE INDEX record_kind ON record (site, kind);
  `,
  // A site's seals are many; those of one register lie together here.
  `
  CREATE INDEX record_subject ON record (site, kind, subject);
  `,
  // Whoever asks for a kind in every site (RecordDesk, for each kind) must not walk all seals for it.
  `
  CREATE INDEX record_of_kind ON record (kind);
  `,
];

/**
 * Brings a database to the newest schema in one transaction; a new file gets all of it. Throws StoreError for a file
 * that a newer program wrote.
 */
export function migrate(database: Database, file: string, steps: readonly string[]): void {
  inTransaction(database, () => {
    const version = schemaVersion(database);
    if (version > steps.length)
      throw new StoreError(
        `store ${file}: written by a newer kadoru-gateway (schema ${version}; this program knows up to ${steps.length}); ` +
          'install that version or a newer one, or set "data" to another folder',
        false,
      );
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

export function schemaVersion(database: Database): number {
  const row: { readonly user_version: number } = database.prepare('PRAGMA user_version').get();
  return row.user_version;
}
