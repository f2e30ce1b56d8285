import type { Pack } from '#gateway/contract';
import type { PackSituation } from '../alarms/conditions/situation.ts';
import type { Derivation } from '../derive/derivation.ts';
import { type Explanation, PackBooks } from '../derive/pack-books.ts';
import { type ConfiguredPack, packKey } from '../derive/pack.ts';
import { needsWord } from '../hydrogen/ledger/segments.ts';
import { minuteMs } from '../hydrogen/ledger/step.ts';
import type { LedgerState } from '../hydrogen/ledger/state.ts';
import type { RecordDesk } from '../records/desk.ts';
import { knownAmount, minutesOf } from '../records/shown/accounts.ts';
import { accountSpan, deliverySpans } from '../records/shown/deliveries.ts';
import { changesFrom, statementsOf } from '../records/statements.ts';
import type { OperatorRecord, Store, StoredReading } from '../store/port.ts';
import type { Latest } from './latest.ts';
import { PackFollower } from './pack-follower.ts';
import { packLegalM3, showPack } from './packs.ts';
import { situationOf } from './situations.ts';

/** A configured pack and what is kept up to date about it. */
interface Place {
  readonly pack: ConfiguredPack;
  readonly follower: PackFollower;
  readonly books: PackBooks;
  delivery: Pack['delivery'];
}

/** Everything known of the packs at this moment: ledgers, what people stated, and the accounts of the present gas. */
export class PackBoard {
  readonly #desk: RecordDesk;
  readonly #derivation: Derivation;
  readonly #places: ReadonlyMap<string, Place>;
  #accountedMinute = 0;

  constructor(
    packs: readonly ConfiguredPack[],
    parts: {
      readonly store: Store;
      readonly desk: RecordDesk;
      readonly derivation: Derivation;
    },
  ) {
    this.#desk = parts.desk;
    this.#derivation = parts.derivation;
    this.#places = new Map(packs.map((pack) => [packKey(pack), place(pack, parts)]));
    parts.desk.subscribe((record) => this.#stated(record));
  }

  arrived(readings: readonly StoredReading[]): void {
    for (const { follower } of this.#places.values()) follower.arrived(readings);
  }

  ledger(pack: ConfiguredPack): LedgerState {
    return this.#place(pack).follower.state;
  }

  books(pack: ConfiguredPack): PackBooks {
    return this.#place(pack).books;
  }

  show(pack: ConfiguredPack, latest: Latest, nowMs: number, alarms: Pack['alarms']): Pack {
    const { follower, delivery } = this.#place(pack);
    const ledger = follower.state;
    const { site, config } = pack;
    return showPack(pack, latest, nowMs, {
      ledger,
      statements: statementsOf(this.#desk, pack),
      segmentResolved:
        ledger.segment === null ||
        !needsWord(ledger.segment) ||
        explain(this.#desk, pack, ledger.segment.at) !== undefined,
      delivery,
      calibrationId: this.#desk.of('calibration', site, config.id).findLast(({ at }) => at <= nowMs)
        ?.id,
      siteM3: this.#siteM3(site),
      alarms,
    });
  }

  situation(pack: ConfiguredPack, shown: Pack, nowMs: number): PackSituation {
    return situationOf(pack, shown, this.ledger(pack), this.#desk, nowMs);
  }

  /** Sums the account of each pack's present delivery up again from what is derived, once a minute. */
  async account(nowMs: number): Promise<void> {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute === this.#accountedMinute) return;
    this.#accountedMinute = minute;
    for (const entry of this.#places.values()) {
      const latest = deliverySpans(this.#desk, entry.pack).findLast(
        ({ record, endedAt }) => record.at <= nowMs && (endedAt === null || endedAt > nowMs),
      );
      if (latest === undefined) {
        entry.delivery = null;
        continue;
      }
      const { id, body } = latest.record;
      const { serial, origin, arrival } = body;
      const account = await entry.books.account(minutesOf(accountSpan(latest, nowMs)));
      const gas = { id, serial, origin, arrivedAt: arrival.at };
      entry.delivery = { ...gas, drawn: knownAmount(account) };
    }
  }

  #siteM3(site: string): number {
    let sum = 0;
    for (const { pack } of this.#places.values()) if (pack.site === site) sum += packLegalM3(pack);
    return sum;
  }

  #stated(record: OperatorRecord): void {
    this.#accountedMinute = 0;
    const from = changesFrom(this.#desk, record);
    if (from === undefined) return;
    const entry = this.#places.get(`${record.site}/${record.subject}`);
    if (entry === undefined) return;
    this.#derivation.job(entry.pack)?.forgetAfter(from);
    entry.follower.restated();
  }

  #place(pack: ConfiguredPack): Place {
    const found = this.#places.get(packKey(pack));
    if (found === undefined) throw new Error(`${packKey(pack)} is no configured pack`);
    return found;
  }
}

function place(
  pack: ConfiguredPack,
  {
    store,
    desk,
    derivation,
  }: { readonly store: Store; readonly desk: RecordDesk; readonly derivation: Derivation },
): Place {
  const job = derivation.job(pack);
  if (job === undefined) throw new Error(`nothing derives ${packKey(pack)}`);
  const statements = () => statementsOf(desk, pack);
  const explanation = (segmentAt: number) => explain(desk, pack, segmentAt);
  return {
    pack,
    follower: new PackFollower(pack, job, statements),
    books: new PackBooks({ store, pack, statements, explanation }),
    delivery: null,
  };
}

/** What people said about the change before a segment: a resolution, or a delivery that names it. */
export function explain(
  desk: RecordDesk,
  { site, config }: ConfiguredPack,
  segmentAt: number,
): Explanation {
  const said = desk
    .of('segment-resolution', site, config.id)
    .findLast(({ body }) => body.segmentAt === segmentAt);
  if (said !== undefined) return said.body.what;
  const delivered = desk
    .of('delivery', site, config.id)
    .some(({ body }) => body.segmentAt === segmentAt);
  return delivered ? 'swap' : undefined;
}
