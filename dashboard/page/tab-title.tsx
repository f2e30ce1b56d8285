import { useEffect } from 'preact/hooks';
import type { LivePlant } from '#gateway/contract';
import { hasLoud } from '../alarms/loud.ts';
import { groupAlarms } from '../alarms/order.ts';
import type { LinkStatus } from '../link/supervise.ts';
import { useTexts } from '../texts/texts.ts';

interface TabTitleProps {
  readonly plant: LivePlant | undefined;
  readonly status: LinkStatus;
  readonly gatewayNowMs: number;
}

/** Says in the tab what would be missed behind another one. */
export function TabTitle({ plant, status, gatewayNowMs }: TabTitleProps) {
  const { page, link } = useTexts();
  const { calling } = groupAlarms(plant?.alarms ?? [], gatewayNowMs);
  const lost = plant !== undefined && status !== 'live' && status !== 'connecting';
  const stopped = lost || (plant !== undefined && hasLoud(plant.problems));
  const alarms = calling.length === 0 ? [] : [link.tab.alarms(calling.length)];
  const title = [...(stopped ? [link.tab.stopped] : alarms), page.title].join('｜');
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
