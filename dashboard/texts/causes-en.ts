/** What an alarm gives as its cause (gateway/alarms/conditions). One that a newer gateway adds is shown as it is. */
export const causesEn: ReadonlyMap<string, string> = new Map([
  ['by-drawing', 'by drawing'],
  ['by-cooling', 'by cooling alone'],
  ['unknown', 'pressure unknown'],
  ['tap-on-line', 'measured on the line'],
  ['tap-on-pack', 'measured on the pack itself (its content may have fallen fast)'],
  ['return', 'another amount after the line was closed'],
  ['rise', 'more than before'],
  ['loop-open', 'signal loop open'],
  ['loop-short', 'signal loop shorted'],
  ['bus-error', 'the sensor does not answer'],
  ['out-of-range', 'outside the measuring range'],
]);
