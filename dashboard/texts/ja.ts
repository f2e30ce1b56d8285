import type { Alarm } from '#gateway/contract';
import type { Age } from '../plant/age.ts';
import type { Reason, Standing } from '../plant/standing.ts';
import { causesJa } from './causes-ja.ts';
import { outlookJa } from './outlook-ja.ts';
import { meterJa } from './meter-ja.ts';
import { reductionJa } from './reduction-ja.ts';
import { problemsJa } from './problems-ja.ts';

/** Everything the page says. Japanese is the master; en.ts must say the same under the same keys. */
export const ja = {
  language: {
    code: 'ja',
    /** Written in the language it switches to. */
    switchTo: 'English',
  },
  page: {
    title: 'カードル｜水素残量',
    product: 'カードル',
    packs: '水素カードル',
    generators: '発電',
    overview: 'カードルの一覧',
    devices: (count: number) => `設備とメーターごとの値（${count} 件）`,
    devicesWaiting: (count: number) => `要確認 ${count} 件`,
    japanTime: '日本時間',
    daySheet: '日報（印刷用）',
    notice:
      '監視用の表示です。設備の制御や保安装置ではなく、法令の日常点検に代わるものではありません。',
  },
  link: {
    connecting: 'ゲートウェイに接続しています',
    live: '受信中',
    stopped: 'データ途絶',
    reconnecting: '接続が切れています。再接続しています',
    'no-data': 'データが届いていません。再接続しています',
    'signed-out': 'サインインが必要です',
    lastKnown: (moment: string) => `接続が切れています。${moment} の最後の値を表示しています。`,
    neverKnown:
      'ゲートウェイに接続できません。動作とネットワークを確認してください。自動で再接続します。',
    tab: {
      stopped: '⚠ データ途絶',
      alarms: (count: number) => `⚠ アラーム ${count} 件`,
    },
    unreadable: (count: number) =>
      `読み取れない通知 ${count} 件を無視しました。続く場合はページを再読み込みしてください。`,
  },
  sound: {
    off: '音は切れています（触れると入ります）',
    on: '音が出ます',
    none: 'この端末は音を出せません',
    test: '音を試す',
  },
  standing: {
    good: '正常',
    uncertain: '不確か',
    bad: '値なし',
    stale: '途絶',
    old: '古い値',
  } satisfies Record<Standing, string>,
  why: {
    'loop-open': '信号線が切れています。配線と伝送器の電源を確認してください。',
    'loop-short': '信号線が短絡しています。配線と伝送器を確認してください。',
    'out-of-range': '測定範囲の外です。伝送器の範囲と設定を確認してください。',
    stuck: '値が動いていません。センサーと圧力計の元弁を確認してください。',
    stale: 'データが途絶えています。計測装置の電源と通信を確認してください。',
    'bus-error': 'センサーが応答しません。接続とアドレスを確認してください。',
    'no-data': 'まだ値がありません。計測装置が起動した直後か、動いていません。',
    isolated: 'カードルの元弁が閉じています。残量は計算していません。',
    missing: '値がありません。ゲートウェイの状態を確認してください。',
  } satisfies Record<Reason, string>,
  whyManual: {
    'no-data': 'まだ値がありません。圧力計と温度計を読み、「ゲージの値」から記録してください。',
    stale: '読んだ値が古くなりました。もう一度読み、「ゲージの値」から記録してください。',
  },
  age: (age: Age): string => {
    switch (age.kind) {
      case 'never':
        return '未測定';
      case 'ahead':
        return `${age.seconds} 秒先の時刻（時計を確認）`;
      case 'seconds':
        return `${age.seconds} 秒前`;
      case 'minutes':
        return `${age.minutes} 分前`;
      case 'hours':
        return `${age.hours} 時間 ${age.minutes} 分前`;
      case 'days':
        return `${age.days} 日前`;
    }
  },
  pack: {
    usable: '使用可能な水素',
    usableBasis: (residual: string) => `残圧 ${residual} MPa を残した量`,
    total: '全量',
    normalCubicMetres: '標準状態の体積（全量）',
    normalCubicMetresUnit: 'Nm³',
    temperature: '温度',
    pressure: '圧力',
    unknown: '不明',
    gauge: 'ゲージ圧',
    hydrogen: '水素',
    residualZone: '残圧域',
    stopMark: '停止',
    fillingMark: '最高充塡',
    lastGood: (pressure: string, age: string) => `最後の正常値 ${pressure} MPa（${age}）`,
    noLastGood: '正常な値はまだありません',
    assumed: '仮定した値（設定に記載なし）',
    assumedValue: {
      'transmitter.classPercent': (value: string) => `伝送器の精度 測定幅の ±${value} %`,
      'transmitter.spanMpa': (value: string) => `伝送器の測定幅 ${value} MPa`,
      'transmitter.coefficientPercentPer10K': (value: string) =>
        `伝送器の温度特性 10 K あたり測定幅の ${value} %`,
      shuntPercent: (value: string) => `シャント抵抗 ±${value} %`,
      'thermometer.class': (value: string) => `温度計 ${value.toUpperCase()}`,
      'thermometer.placement': (value: string): string =>
        value === 'wall' ? '温度計は容器の壁' : '温度計は外気中',
      volumePercent: (value: string) => `内容積 ±${value} %`,
      'gauge.classPercent': (value: string) => `ゲージの精度 目盛り幅の ±${value} %`,
      'gauge.spanMpa': (value: string) => `ゲージの目盛り幅 ${value} MPa`,
      'gauge.readingMpa': (value: string) => `目視の読み取り ±${value} MPa`,
    },
    basis: '計算の根拠',
    basisSummary: (assumed: number) =>
      assumed === 0 ? '計算の根拠' : `計算の根拠（仮定した値 ${assumed} 件）`,
    identity: (site: string, id: string) => `設定での名前 ${site} / ${id}`,
    cylinders: (open: number, closed: number) =>
      closed === 0 ? `容器 ${open} 本すべて開` : `容器 開 ${open} 本・閉 ${closed} 本`,
    openCylinders: (count: number) => `開いている容器 ${count} 本`,
    equation: (name: string) => `状態式 ${name}`,
    uncertainty: '± の幅に約 95 % の確かさで収まります（拡張不確かさ k = 2）',
    nameplate: '銘板値（物理量ではない参考値）',
    nameplateFigures: (total: string, usable: string) => `全量 ${total} kg、使用可能 ${usable} kg`,
    source: { transmitter: '伝送器', manual: '目視（手入力）' },
    dialText: (pressure: string, standing: string) =>
      `圧力計 ${pressure} MPa（ゲージ圧）、${standing}`,
    dialUnknown: (why: string) => `圧力計 不明。${why}`,
    dialOld: (pressure: string) => `圧力計 古い値 ${pressure} MPa（ゲージ圧）`,
    manualBadge: '目視',
    manualNote:
      '伝送器の値ではありません。人が読んだゲージと温度計の値から計算しています（不確かさは大きくなります）。',
    usableBeforeStop: '停止までに使える水素',
    usableBeforeStopBasis: (stop: string) => `${stop} MPa まで`,
    fullReference: (kg: string, pressure: string) =>
      `満充塡の基準 ${kg} kg（${pressure} MPa・35 °C）`,
    calibration: (until: string) => `校正 ${until} まで有効`,
    notCalibrated: '校正の記録なし',
    legal: '法定数量 Q = (10P + 1)V',
    legalFigures: (pack: string, site: string, threshold: string) =>
      `このカードル ${pack} m³、事業所計 ${site} m³（${threshold} m³ 以上は所轄に確認）`,
  },
  outlook: outlookJa,
  packNote: {
    isolated: (moment: string) =>
      `カードルの元弁が閉じているか、カードルが外されています。${moment} から、ゲージはカードルを示していません。`,
    changed: '中身が変わりました: 確認してください',
    changedFrom: (before: string, after: string, moment: string) =>
      `${moment} に ${before} kg から ${after} kg になりました。`,
    changedTo: (after: string, moment: string) => `${moment} から ${after} kg です。`,
    resolve: '何が起きたかを記録',
    calibrationExpired: (until: string) =>
      `校正の有効期限が切れています（${until} まで）。補正は続けますが、校正の不確かさは使いません。`,
    legal: (site: string, threshold: string) =>
      `法定数量が事業所計 ${site} m³ で、${threshold} m³ 以上です。所轄に確認してください。`,
  },
  alarms: {
    title: (count: number) => `アラーム ${count} 件`,
    /** An alarm brings its own title in both languages. */
    named: ({ ja }: Alarm['title']) => ja,
    badge: (count: number) => `アラーム ${count} 件`,
    old: '最後に受信した時点のアラームです。',
    priority: { urgent: '緊急', caution: '注意', note: '通知' } satisfies Record<
      Alarm['priority'],
      string
    >,
    phase: {
      'active-unacknowledged': '発生中・未確認',
      'active-acknowledged': '発生中・確認済み',
      'returned-unacknowledged': '復帰・未確認',
      normal: '解消',
    } satisfies Record<Alarm['phase'], string>,
    since: (moment: string) => `${moment} 発生`,
    until: (moment: string) => `${moment} 復帰`,
    value: (figure: string) => `値 ${figure}`,
    threshold: (figure: string) => `しきい値 ${figure}`,
    cause: (cause: string) => `原因 ${causesJa.get(cause) ?? cause}`,
    unobservable: '今は判定できません',
    acknowledgedBy: (by: string, moment: string) => `${by} が ${moment} に確認`,
    more: (count: number) => `ほか ${count} 件は一覧にあります。`,
    list: 'アラーム一覧',
    acknowledge: '確認',
    shelve: '一時停止',
    unshelve: '停止を解除',
    shelved: (count: number) => `一時停止中 ${count} 件`,
    shelvedBy: (by: string, until: string, why: string) =>
      `${by} が ${until} まで一時停止（${why}）`,
  },
  work: {
    title: '記録する',
    history: '履歴',
    name: {
      'gauge-reading': 'ゲージの値',
      delivery: '受け入れ',
      return: '返却',
      draw: '使用の予定',
      batch: '製造ロット',
      calibration: '校正',
      changes: '変化の確認',
    },
    loading: '読み込んでいます',
    failed: '画面を読み込めません。ページを再読み込みしてください。',
    close: '閉じる',
  },
  trend: {
    title: '24 時間の推移',
    pressure: '圧力 MPa',
    total: '全量 kg',
    gap: '値なし',
    loading: '履歴を読み込んでいます',
    failed: '履歴を更新できません。1 分ごとに再試行します。',
    old: '接続が切れているため、推移の更新を止めています。',
    empty: 'この 24 時間に値がありません',
    summary: (pressure: string, total: string, gaps: number) =>
      `24 時間の推移。圧力 ${pressure} MPa、全量 ${total} kg、値のない区間 ${gaps} か所。`,
    range: (least: string, most: string) => `${least}〜${most}`,
    unknown: '不明',
  },
  meter: meterJa,
  reduction: reductionJa,
  energy: {
    title: '発電と自家消費',
    period: '期間',
    generated: '発電',
    selfConsumed: '自家消費',
    exported: '売電',
    standing: '状態',
    halfHour: 'この30分',
    today: '今日',
    month: '今月',
    fiscalYear: '今年度',
    covered: (percent: string) => `計測できた時間 ${percent} %`,
    basis: '自家消費 = 発電 − 売電（蓄電した分を含みます）。',
    noExport: '売電のメーターがないため、自家消費は計算していません。',
    members: 'クレジット（会員別）',
    openEvents: (count: number) => `未確認の積算値の変化 ${count} 件の前後は含みません。`,
  },
  generator: {
    waiting: '待機中',
    waitingExplain:
      'メーターは読めています。発電のパルスを待っています（夜間・停止中は 0 W です）。',
    kind: { pv: '太陽光発電', 'fuel-cell': '燃料電池' },
    power: '現在の出力',
    today: '今日の発電量',
    since: (moment: string) => `${moment} から`,
    todayMissing: '今日の測定がないか、積算値が後退して未確認です。',
    register: '積算値',
    unknown: '不明',
  },
  problems: problemsJa,
  signIn: {
    title: 'サインイン',
    explain: 'このゲートウェイは運転員トークンを求めています。',
    token: '運転員トークン',
    submit: 'サインイン',
    busy: '確認しています',
    'wrong-token': 'トークンが違います。管理者から受け取ったものを入力してください。',
    'too-many': '試行が多すぎます。しばらく待ってからやり直してください。',
    unreachable: 'ゲートウェイに接続できません。動作を確認してやり直してください。',
  },
};
