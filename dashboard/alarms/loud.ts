import type { Notice } from '#gateway/contract';

/** Notices by which figures stop coming, or stop being kept: they look and sound like an urgent alarm. */
const loud: Readonly<Record<Notice['kind'], boolean>> = {
  'store-failing': true,
  'broker-away': true,
  'device-lost': true,
  'device-silent': true,
  'device-offline': false,
  'device-twice': false,
  'gateway-twice': false,
  'site-held-twice': false,
  'device-disk': false,
  'clock-not-set': false,
  'quarantine-filling': false,
  'quarantine-full': false,
  'alarm-log-failing': true,
  'alarm-delivery-failing': false,
  'alarm-overflow': false,
};

export function hasLoud(problems: readonly Notice[]): boolean {
  return problems.some(({ kind }) => loud[kind]);
}
