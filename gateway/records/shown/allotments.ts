import type { Allotment, Origin } from '#gateway/contract';
import type { ConfiguredPack } from '../../derive/pack.ts';
import { minutesOf, type PackAccounts, sumOf } from './accounts.ts';
import { accountSpan, deliverySpans } from './deliveries.ts';
import type { RecordSources } from './sources.ts';

/** What a configuration says one origin may supply to a site. */
export interface ConfiguredAllotment {
  readonly site: string;
  readonly origin: Origin;
  readonly kg: number;
}

/** An allotment with what was drawn of it; `packs` are those of its site. */
export async function showAllotment(
  sources: RecordSources,
  packs: readonly ConfiguredPack[],
  { site, origin, kg }: ConfiguredAllotment,
): Promise<Allotment> {
  const nowMs = sources.nowMs();
  const supplied: PackAccounts[] = [];
  let deliveries = 0;
  for (const pack of packs) {
    const mine = deliverySpans(sources.desk, pack).filter(
      ({ record }) => record.body.origin === origin,
    );
    const accounts = [];
    for (const span of mine)
      accounts.push(await sources.books(pack).account(minutesOf(accountSpan(span, nowMs))));
    supplied.push({ accounts, meterClassPercent: pack.config.flowMeter?.classPercent });
    deliveries += mine.length;
  }
  const drawn = sumOf(supplied);
  const confirmed = sources.desk
    .of('allotment', site)
    .findLast(({ body }) => body.origin === origin);
  const perPackKg = confirmed?.body.kgPerPack;
  const used = perPackKg === undefined ? (drawn?.kg ?? null) : deliveries * perPackKg;
  return {
    site,
    origin,
    kg: confirmed?.body.kg ?? kg,
    confirmed:
      confirmed === undefined
        ? null
        : {
            id: confirmed.id,
            basis: confirmed.body.basis,
            document: confirmed.body.document,
            by: confirmed.by,
            recordedAt: confirmed.recordedAt,
          },
    deliveries,
    drawn,
    remainderKg: confirmed === undefined || used === null ? null : confirmed.body.kg - used,
  };
}
