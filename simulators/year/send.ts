import { Complaint } from '../complaint.ts';
import { type HistoryOptions, sendHistory } from '../fill/history-sender.ts';
import type { YearSpan } from './calendar.ts';
import { CollectorYear } from './collector.ts';
import { yearSite } from './configuration.ts';
import type { Home } from './home.ts';
import type { HomePlan } from './plan.ts';

export interface SendParts extends Omit<HistoryOptions, 'confirmed'> {
  readonly mqtt: string;
  /** Told of every collector's homes that were sent whole, and of the frames confirmed so far. */
  readonly progress: (homes: number, frames: number) => void;
}

/** Sends the year of every home through the broker, collector by collector; answers the homes at the end of the year. */
export async function sendYear(
  plans: readonly HomePlan[],
  year: YearSpan,
  { mqtt, progress, ...options }: SendParts,
): Promise<Home[]> {
  const homes: Home[] = [];
  let before = 0;
  for (const device of new Set(plans.map((plan) => plan.device))) {
    const group = plans.filter((plan) => plan.device === device);
    const stream = `year-${year.fiscalYear}`;
    const collector = new CollectorYear(group, year, stream);
    const address = { mqtt, site: yearSite, device };
    const confirmed = (frames: number): void => progress(homes.length, before + frames);
    before += await sendHistory(collector.frames(), stream, address, {
      ...options,
      confirmed,
      resendAfterMs: 30_000,
      patienceMs: 300_000,
    });
    homes.push(...collector.homes);
    progress(homes.length, before);
  }
  if (homes.length !== plans.length) throw new Complaint('not every home was sent');
  return homes;
}
