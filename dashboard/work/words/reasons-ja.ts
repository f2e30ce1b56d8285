import { japanMinute, japanMoment } from '../../format.ts';

/** Times in reasons are ISO or epoch ms: both become Japan time. */
const moment = (text: string): string => {
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return japanMoment(ms, 0, japanMinute);
};

type Say = (...parts: readonly string[]) => string;

/** The gateway's reasons, which it gives in English (gateway/records/checks, gateway/http, zod), in Japanese. */
const reasons: readonly (readonly [RegExp, Say])[] = [
  [
    /^is more than (.+) degC: write degrees/,
    (most) => `${most} °C を超えています。摂氏で入力してください（華氏・絶対温度ではありません）。`,
  ],
  [
    /^is outside the range of the equation of state/,
    () => '状態式の範囲の外です（−53 °C 以上、70 MPa 以下）。',
  ],
  [/^is below zero: a gauge/, () => '0 を下回っています。ゲージは大気中で 0 を示します。'],
  [
    /^is more than the gauge's scale of (.+) MPa: (.+) MPa if it was bar, (.+) MPa if/,
    (most, bar, kgf) =>
      `圧力計の目盛りの上限 ${most} MPa を超えています。単位が bar なら ${bar} MPa、kgf/cm² なら ${kgf} MPa です。`,
  ],
  [
    /^is the pressure of the open air, .* half divisions of (.+) MPa/,
    () => '大気圧の値です。絶対圧ではありませんか。空のカードルのゲージは 0 を示します。',
  ],
  [
    /^lies one atmosphere above the transmitter's (.+) MPa: .* Write (.+) MPa/,
    (shown, write) =>
      `伝送器の ${shown} MPa より 1 気圧高い値です。絶対圧ではありませんか。ゲージの値なら ${write} MPa です。`,
  ],
  [
    /^a number from 1 to (\d+), the cylinders/,
    (most) => `1 からカードルの容器の本数 ${most} までの数です。`,
  ],
  [
    /^lies in the future: (\S+) at the latest/,
    (latest) => `未来の時刻です（${moment(latest)} まで）。`,
  ],
  [
    /^lies more than (\d+) days ahead: (\S+) at/,
    (days, latest) => `${days} 日より先です（${moment(latest)} まで）。`,
  ],
  [
    /^lies more than ten years ahead: (\S+) at/,
    (latest) => `10 年より先です（${moment(latest)} まで）。`,
  ],
  [/^lies before (\S+): epoch/, (earliest) => `${moment(earliest)} より前の時刻です。`],
  [
    /^must lie after \S+ \((\d+)\)/,
    (from) => `始まり（${moment(from)}）より後の時刻にしてください。`,
  ],
  [
    /^differs from the (.+) MPa shown by more/,
    (shown) => `示した値 ${shown} MPa との差が大きすぎます。単位か欄の取り違えではありませんか。`,
  ],
  [
    /^the delivery \S+ explains this segment already/,
    () => 'この変化は、別の受け入れですでに説明されています。',
  ],
  [/^came off the line at (\S+)/, (at) => `この受け入れは ${moment(at)} に返却済みです。`],
  [
    /^does not come after it was opened \((\S+)\)/,
    (at) => `開いた時刻（${moment(at)}）より後にしてください。`,
  ],
  [
    /^overlaps the delivery \S+, opened at (\S+)/,
    (at) => `${moment(at)} に開いた別の受け入れと重なっています。`,
  ],
  [/^overlaps the batch \S+ of lot (.+) \(/, (lot) => `ロット ${lot} の製造と重なっています。`],
  [
    /^is explained by .+: take that back first/,
    () => 'すでに説明されています。先にそれを取り消してください。',
  ],
  [/^is the first there is/, () => '最初の区間です。その前の変化はありません。'],
  [
    /^is told with "closed-cylinders" only/,
    () => '「容器を閉めた」場合だけに入力します。別のカードルなら受け入れで入力してください。',
  ],
  [/^the gas before was still there at (\S+)/, (at) => `${moment(at)} にはまだ前の中身でした。`],
  [/^lies more than a day after the segment/, () => '説明する変化から 1 日より後です。'],
  [/^nothing of \S+ is stored at this time/, () => 'この時刻の読み取りは保存されていません。'],
  [/^the reading is (\S+) now/, (now) => `今の値は ${now} Wh です。読み取りを探し直してください。`],
  [/^is what the reading is already/, () => '今の値と同じです。'],
  [
    /^(.+) read (\d+) Wh at this very time/,
    (by, wh) => `${by} がこの時刻に ${wh} Wh を記録しています。`,
  ],
  [/^no such meter/, () => 'このメーターは設定にありません。'],
  [/^row (\d+) is of the same meter and time/, (row) => `${row} 行目とメーターと時刻が同じです。`],
  [/^say how many cylinders are open now/, () => '今開いている容器の本数を入力してください。'],
  [
    /^Too (?:big|small): .*(<=|>=|<|>)\s?([\d.]+)( characters)?/,
    (sign, limit, letters) => {
      const unit = letters === undefined ? '' : ' 文字';
      const words =
        { '<=': '以下', '>=': '以上', '<': '未満', '>': 'より大きく' }[sign ?? ''] ?? '';
      return `${limit}${unit} ${words}にしてください。`;
    },
  ],
  [/^Invalid input: expected/, () => '入力の形が違います。'],
];

/** The reason in Japanese; undefined where the gateway says something that has no words here yet. */
export function reasonJa(english: string): string | undefined {
  const parts = english.split('; ').map((part) => {
    for (const [pattern, say] of reasons) {
      const found = pattern.exec(part);
      if (found !== null) return say(...found.slice(1));
    }
    return undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join(' ');
}
