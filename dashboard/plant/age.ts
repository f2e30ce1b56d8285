/** The age of a figure in the words of a person; the texts turn it into a sentence. */
export type Age =
  | { readonly kind: 'never' }
  /** Measured after the gateway's present: one of the clocks is wrong. */
  | { readonly kind: 'ahead'; readonly seconds: number }
  | { readonly kind: 'seconds'; readonly seconds: number }
  | { readonly kind: 'minutes'; readonly minutes: number }
  | { readonly kind: 'hours'; readonly hours: number; readonly minutes: number }
  | { readonly kind: 'days'; readonly days: number };

/** A device's clock may lead by network time's usual error; beyond this it is worth saying. */
const toleratedLeadMs = 5_000;

/** Age at `gatewayNowMs` of something measured at `measuredAtMs`, both epoch milliseconds. */
export function ageOf(measuredAtMs: number | null, gatewayNowMs: number): Age {
  if (measuredAtMs === null) return { kind: 'never' };
  const ageMs = gatewayNowMs - measuredAtMs;
  if (ageMs < -toleratedLeadMs) return { kind: 'ahead', seconds: Math.round(-ageMs / 1000) };
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 60) return { kind: 'seconds', seconds };
  if (minutes < 60) return { kind: 'minutes', minutes };
  if (hours < 48) return { kind: 'hours', hours, minutes: minutes % 60 };
  return { kind: 'days', days: Math.floor(hours / 24) };
}
