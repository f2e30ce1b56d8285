const quantities: ReadonlyMap<string, string> = new Map([
  ['generated', '発電'],
  ['exported', '送出（売電）'],
  ['imported', '受電（買電）'],
  ['consumed', '消費'],
  ['auxiliary', '補機の消費'],
  ['charged', '充電'],
  ['discharged', '放電'],
]);

/** What the page says of meters. */
export const meterJa = {
  /** One that a newer gateway adds is shown as it is. */
  quantity: (quantity: string): string => quantities.get(quantity) ?? quantity,
  today: '今日',
  month: '今月',
  fiscalYear: '今年度',
  register: '積算値',
  since: (moment: string) => `${moment} から`,
  missing: 'まだ集計した値がありません。',
  covered: (moment: string, percent: string) => `${moment} から。計測できた時間 ${percent}\u00a0%`,
  assumedPeriod: (minutes: string) => `計測周期 ${minutes}\u00a0分（仮定）`,
  neverRead: '人が読んだ表示値がまだありません。',
  todayMissing: '今日の測定がないか、積算値の変化が未確認です。',
  site: 'サイトのメーター',
  byPeople: '人が読むメーター',
  open: (count: number) => `積算値の変化 ${count} 件: 確認してください`,
  openExplain: '記録するまで、この変化の前後の差は電力量に入りません。',
  resolve: '何が起きたかを記録',
  soon: (date: string) => `検定の有効期限（検満）が近づいています: ${date}`,
  expired: (date: string) =>
    `検定の有効期限（検満）が切れています: ${date}。交換するまで、特定計量器の証拠になりません。`,
  otherSerial: (said: string, configured: string) =>
    `メーターの製造番号 ${said} が設定の ${configured} と違います。`,
  failed: 'メーターの集計を更新できません。最後に読めた値を表示しています。',
  work: {
    'meter-reading': '表示値',
    'reading-table': '表示値の表',
    'register-events': '積算値の変化',
    correction: '読み取りの訂正',
  },
};
