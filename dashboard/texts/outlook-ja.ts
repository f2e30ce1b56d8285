import type { NumberlessState } from '../plant/outlook.ts';

/** What the page says of consumption and of the stop. */
export const outlookJa = {
  title: '使用の見通し',
  stop: '停止圧力に達する時刻',
  /** Stands after the time of day; the date where it is another day. */
  stopAround: (date: string) => (date === '' ? '頃' : `頃（${date}）`),
  stopHours: (hours: string, low: string, high: string) => `あと ${hours} 時間（${low}〜${high}）`,
  stopBasis: (hours: string, pace: string) => `過去${hours}時間の平均 ${pace} kg/h が続くとして`,
  stopBasisMinutes: (minutes: string, pace: string) =>
    `過去${minutes}分の平均 ${pace} kg/h が続くとして`,
  stopUnknown: '不明',
  stopWhy: {
    'not-significant': '使用していないため、予測しません。',
    calculating: '消費量が定まるまで、予測しません。',
    unknown: '消費量が分からないため、予測できません。',
  } satisfies Record<NumberlessState, string>,
  stopReached: '停止圧力に達しています',
  /** Short, beside others. */
  stopAt: (moment: string | undefined): string =>
    moment === undefined ? '停止の予測なし' : `停止 ${moment} 頃`,
  consumption: '消費量',
  window: (minutes: string) => `過去${minutes}分の質量の変化から`,
  metered: '流量計の値',
  say: {
    calculating: '計算中',
    'not-significant': '測れるほどの使用なし',
    unknown: '不明',
  } satisfies Record<NumberlessState, string>,
  explain: {
    calculating: '使用中です。不確かさが 10 % を下回るまで数値を出しません。',
    'not-significant': '測定の不確かさの範囲内です。',
    unknown: '計算に使える値がありません。',
  } satisfies Record<NumberlessState, string>,
  drawnDelivery: '受け入れてからの使用量',
  drawnSegment: '今の中身になってからの使用量',
  drawnUnknown: '確認されていない変化があるため、計算していません。',
  since: (moment: string) => `${moment} から`,
  origin: (origin: string): string =>
    origin === 'tokyo' ? '東京' : origin === 'yamanashi' ? '山梨' : origin,
};
