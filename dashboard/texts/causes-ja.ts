/** What an alarm gives as its cause (gateway/alarms/conditions). One that a newer gateway adds is shown as it is. */
export const causesJa: ReadonlyMap<string, string> = new Map([
  ['by-drawing', '使用による'],
  ['by-cooling', '冷えたため（使用ではない）'],
  ['unknown', '圧力が不明'],
  ['tap-on-line', '測定点は配管側'],
  ['tap-on-pack', '測定点はカードル側（中身が急に減った可能性もあります）'],
  ['return', '閉止のあとに違う量'],
  ['rise', '量の増加'],
  ['loop-open', '信号線の断線'],
  ['loop-short', '信号線の短絡'],
  ['bus-error', 'センサーの無応答'],
  ['out-of-range', '測定範囲外'],
]);
