import type { Alarm, LivePlant } from '#gateway/contract';

/** The name people know an alarm's subject by: a pack or a generator, else the id of what is in no picture. */
export function subjectName({ site, subject }: Alarm, { packs, generators }: LivePlant): string {
  const assets = [...packs, ...generators];
  return assets.find((asset) => asset.site === site && asset.id === subject)?.name ?? subject;
}
