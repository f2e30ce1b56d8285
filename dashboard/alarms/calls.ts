import type { LivePlant } from '#gateway/contract';
import type { LinkStatus } from '../link/supervise.ts';
import { hasLoud } from './loud.ts';
import { groupAlarms } from './order.ts';
import type { Call } from './sound.ts';

/**
 * What must be heard now. That no data comes is as loud as a process alarm, and goes before it: of a plant that is not
 * heard, no alarm is known to stand. So is a notice by which figures stop, long before the alarm that follows some of
 * them. A page that still opens its first connection has lost nothing.
 */
export function callOf(
  plant: LivePlant | undefined,
  status: LinkStatus,
  gatewayNowMs: number,
): Call | undefined {
  if (status === 'no-data') return 'stopped';
  // Before the first sign-in nothing was heard that could have stopped.
  if (status === 'signed-out') return plant === undefined ? undefined : 'stopped';
  if (plant !== undefined && hasLoud(plant.problems)) return 'stopped';
  const { calling } = groupAlarms(plant?.alarms ?? [], gatewayNowMs);
  const urgent = calling.some(
    ({ priority, phase }) => priority === 'urgent' && phase === 'active-unacknowledged',
  );
  return urgent ? 'alarm' : undefined;
}
