import { minuteMs } from '../hydrogen/ledger/step.ts';
import type { StaleMark, StoredReading } from '../store/port.ts';
import { type ConfiguredPack, packKey } from './pack.ts';
import { isPackQuantity, packDevice } from './samples.ts';

const prefix = 'hydrogen/';

/** The mark of a pack's minute: everything derived from there on may have to change. */
export function minuteStaleKey(pack: ConfiguredPack, atMs: number): string {
  return `${prefix}${packKey(pack)}/${Math.floor(atMs / minuteMs) * minuteMs}`;
}

/** The mark that a reading of a configured pack makes; undefined where nothing is derived from it. */
export function packStaleKey(
  packs: readonly ConfiguredPack[],
): (
  reading: Pick<StoredReading, 'site' | 'device' | 'asset' | 'quantity' | 'at'>,
) => string | undefined {
  const known = new Map(
    packs.map((pack) => [`${pack.site}/${packDevice(pack)}/${pack.config.id}`, pack]),
  );
  return ({ site, device, asset, quantity, at }) => {
    const pack = isPackQuantity(quantity) ? known.get(`${site}/${device}/${asset}`) : undefined;
    return pack === undefined ? undefined : minuteStaleKey(pack, at);
  };
}

/** Stale minutes by the pack's key; marks of anything else are left out. */
export function minutesByPack(marks: readonly StaleMark[]): Map<string, Map<number, StaleMark>> {
  const byPack = new Map<string, Map<number, StaleMark>>();
  for (const mark of marks) {
    if (!mark.key.startsWith(prefix)) continue;
    const cut = mark.key.lastIndexOf('/');
    const key = mark.key.slice(prefix.length, cut);
    const minutes = byPack.get(key) ?? new Map<number, StaleMark>();
    byPack.set(key, minutes.set(Number(mark.key.slice(cut + 1)), mark));
  }
  return byPack;
}
