import type { LivePlant } from '#gateway/contract';
import type { LinkStatus } from '../link/supervise.ts';
import { groupAlarms } from './order.ts';
import type { Call } from './sound.ts';

/**
 * What must be heard now. That no data comes is as loud as a process alarm, and goes before it: of a plant that is not
 * heard, no alarm is known to stand. A page that still opens its first connection has lost nothing.
 */
export function callOf(
  plant: LivePlant | undefined,
  status: LinkStatus,
  gatewayNowMs: number,
): Call | undefined {
  if (status === 'no-data') return 'stopped';
  // Before the first sign-in nothing was heard that could have stopped.
  if (status === 'signed-out') return plant === undefined ? undefined : 'stopped';
  const { calling } = groupAlarms(plant?.alarms ?? [], gatewayNowMs);
  const urgent = calling.some(
    ({ priority, phase }) => priority === 'urgent' && phase === 'active-unacknowledged',
  );
  return urgent ? 'alarm' : undefined;
}
