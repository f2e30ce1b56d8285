import { type OperatorRecord, type Store, StoreError, type StoredReading } from '../store/port.ts';
import { recordBodies, type RecordBody, type RecordKind } from './kinds.ts';

/** A record of a kind this program knows, with its body checked. */
export interface KnownRecord<Kind extends RecordKind> extends Omit<
  OperatorRecord,
  'kind' | 'body'
> {
  readonly kind: Kind;
  readonly body: RecordBody<Kind>;
}

/** What goes into the store together with a record, or not at all. */
export interface Company {
  readonly readings?: readonly StoredReading[];
  readonly stale?: readonly string[];
}

export type Added =
  | { readonly kind: 'added' }
  /** Another content stands under the record's identity, or under that of a reading that came with it. */
  | { readonly kind: 'conflict'; readonly what: 'record' | 'reading' };

type DeskStore = Pick<Store, 'records' | 'commit'>;

/** People write a few records a day: this many are the sign of a program that went wild. */
const mostRecords = 200_000;

/**
 * What people stated, held in memory and written through to the store. Nothing is changed or removed: a record that was
 * taken back stays, and is passed over.
 */
export class RecordDesk {
  readonly #store: DeskStore;
  /** Each kind's records with their bodies checked, once. */
  readonly #records: Records = {
    delivery: [],
    'delivery-return': [],
    'segment-resolution': [],
    draw: [],
    batch: [],
    calibration: [],
    'gauge-reading': [],
    allotment: [],
    'register-resolution': [],
    'reading-correction': [],
    'meter-reading': [],
    withdrawal: [],
    project: [],
    member: [],
    device: [],
    meter: [],
    factor: [],
    'methodology-confirmation': [],
    token: [],
    'token-revocation': [],
    handling: [],
  };
  readonly #withdrawals = new Map<string, KnownRecord<'withdrawal'>>();
  readonly #listeners = new Set<(record: OperatorRecord) => void>();
  #count = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** A desk with nothing on it; `load` fills one. */
  constructor(store: DeskStore) {
    this.#store = store;
  }

  static async load(store: DeskStore): Promise<RecordDesk> {
    const desk = new RecordDesk(store);
    for (const kind of kindNames)
      for await (const record of store.records({ kind })) desk.#keep(record);
    return desk;
  }

  /** Rises with every record: what was read before may have changed since. */
  get version(): number {
    return this.#count;
  }

  /** Records of a kind about a subject that nobody took back, by the time they speak of. */
  of<Kind extends RecordKind>(kind: Kind, site: string, subject?: string): KnownRecord<Kind>[] {
    return this.everOf(kind, site, subject).filter((record) => !this.withdrawal(record));
  }

  /** The same with those that were taken back. */
  everOf<Kind extends RecordKind>(kind: Kind, site: string, subject?: string): KnownRecord<Kind>[] {
    const records: readonly KnownRecord<Kind>[] = this.#records[kind];
    return records
      .filter(
        (record) => record.site === site && (subject === undefined || record.subject === subject),
      )
      .toSorted((a, b) => a.at - b.at || a.recordedAt - b.recordedAt);
  }

  /** What took a record back; undefined while it stands. */
  withdrawal(
    record: Pick<OperatorRecord, 'site' | 'kind' | 'id'>,
  ): KnownRecord<'withdrawal'> | undefined {
    return this.#withdrawals.get(identity(record));
  }

  /** Lets work that looks before it adds run alone: what it saw is still so when it adds. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** The record of an id, taken back or not. */
  find(site: string, kind: RecordKind, id: string): OperatorRecord | undefined {
    return this.known(kind, site, id);
  }

  /** The same with its body checked. */
  known<Kind extends RecordKind>(
    kind: Kind,
    site: string,
    id: string,
  ): KnownRecord<Kind> | undefined {
    const records: readonly KnownRecord<Kind>[] = this.#records[kind];
    return records.find((record) => record.site === site && record.id === id);
  }

  /** Durable once this resolves. Rejects with StoreError. */
  async add(record: OperatorRecord, company: Company = {}): Promise<Added> {
    return this.addAll([record], company);
  }

  /** Several in one commit: all of them durable, or none. */
  async addAll(records: readonly OperatorRecord[], company: Company = {}): Promise<Added> {
    if (this.#count + records.length > mostRecords)
      throw new StoreError(`the gateway holds ${mostRecords} records and takes no more`, false);
    const { conflicts, recordConflicts } = await this.#store.commit({
      frames: [],
      readings: company.readings ?? [],
      events: [],
      quarantine: [],
      records,
      stale: company.stale ?? [],
    });
    if (recordConflicts.length > 0) return { kind: 'conflict', what: 'record' };
    for (const record of records) {
      if (this.find(record.site, kindOf(record), record.id) === undefined) this.#keep(record);
      for (const listener of this.#listeners) listener(record);
    }
    return conflicts.length > 0 ? { kind: 'conflict', what: 'reading' } : { kind: 'added' };
  }

  /** Told of every record after it is durable. */
  subscribe(listener: (record: OperatorRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keep(record: OperatorRecord): void {
    const kind = kindOf(record);
    this.#count += 1;
    if (kind !== 'withdrawal') {
      this.#shelve(kind, record);
      return;
    }
    const withdrawal = this.#shelve(kind, record);
    const taken = identity({ site: record.site, ...withdrawal.body });
    if (!this.#withdrawals.has(taken)) this.#withdrawals.set(taken, withdrawal);
  }

  #shelve<Kind extends RecordKind>(kind: Kind, record: OperatorRecord): KnownRecord<Kind> {
    const checked = known(kind, record);
    const records: KnownRecord<Kind>[] = this.#records[kind];
    records.push(checked);
    return checked;
  }
}

/** Records by kind. */
type Records = { readonly [Kind in RecordKind]: KnownRecord<Kind>[] };

function identity({ site, kind, id }: Pick<OperatorRecord, 'site' | 'kind' | 'id'>): string {
  return `${site}/${kind}/${id}`;
}

function kindOf({ kind }: OperatorRecord): RecordKind {
  if (isKind(kind)) return kind;
  throw new Error(`"${kind}" is no kind of record that this program writes`);
}

function isKind(kind: string): kind is RecordKind {
  return Object.hasOwn(recordBodies, kind);
}

const kindNames: readonly RecordKind[] = Object.keys(recordBodies).filter(isKind);

/** Throws for a body that is not the kind's: written by another program or a newer one. */
function known<Kind extends RecordKind>(kind: Kind, record: OperatorRecord): KnownRecord<Kind> {
  return { ...record, kind, body: recordBodies[kind].parse(record.body) };
}
