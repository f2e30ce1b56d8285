import {
  alarmKind,
  type AlarmKinds,
  type Change,
  type Priority,
  type Transition,
} from './model.ts';
import { rank } from './state.ts';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** One mail about transitions in the order they happened: Japanese first, then the same in English. */
export function mailText(batch: readonly Transition[], kinds: AlarmKinds): MailText {
  const worst = batch.toSorted((a, b) => rank[a.after.priority] - rank[b.after.priority])[0];
  const [first = worst] = batch.filter((each) => each.after.priority === worst?.after.priority);
  return {
    subject: first === undefined ? 'Kadoru' : subject(first, batch.length - 1, kinds),
    text: [
      batch.map((transition) => japanese(transition, kinds)).join('\n'),
      '----',
      batch.map((transition) => english(transition, kinds)).join('\n'),
      'カードルの画面で確認してください。 / Please acknowledge on the Kadoru page.\n',
    ].join('\n'),
  };
}

function subject({ change, after }: Transition, others: number, kinds: AlarmKinds): string {
  const { title } = alarmKind(kinds, after.kind);
  const place = `${after.site}/${after.subject}`;
  const more = others === 0 ? '' : ` 他${others}件 / +${others}`;
  return `[カードル ${priorityJa[after.priority]}] ${title.ja} ${changeJa[change]} ${place} (${title.en} ${changeEn[change]})${more}`;
}

function japanese({ at, change, after }: Transition, kinds: AlarmKinds): string {
  const { title } = alarmKind(kinds, after.kind);
  return [
    `■ ${priorityJa[after.priority]}: ${title.ja} ${changeJa[change]}`,
    `  場所: ${after.site}/${after.subject}`,
    `  時刻: ${japanTime(at)}`,
    `  値: ${measured(after.sighting, '不明')}  しきい値: ${threshold(after.sighting, 'なし')}`,
    `  番号: ${after.occurrence}`,
    '',
  ].join('\n');
}

function english({ at, change, after }: Transition, kinds: AlarmKinds): string {
  const { title } = alarmKind(kinds, after.kind);
  const { detail, cause } = after.sighting;
  return [
    `* ${after.priority}: ${title.en} ${changeEn[change]}`,
    `  where: ${after.site}/${after.subject}`,
    `  when: ${japanTime(at)} (Japan)`,
    `  value: ${measured(after.sighting, 'unknown')}  threshold: ${threshold(after.sighting, 'none')}`,
    `  ${detail}${cause === null ? '' : ` (${cause})`}`,
    `  occurrence: ${after.occurrence}`,
    '',
  ].join('\n');
}

type Sighting = Transition['after']['sighting'];

function measured({ value, unit }: Sighting, unknown: string): string {
  return value === null ? unknown : `${rounded(value)} ${unit}`.trim();
}

function threshold({ threshold, unit }: Sighting, none: string): string {
  return threshold === null ? none : `${rounded(threshold)} ${unit}`.trim();
}

/** Five digits tell an alarm from its threshold; floats have seventeen. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(5)));
}

const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

function japanTime(at: number): string {
  return `${format.format(at)} +09:00`;
}

const priorityJa: Readonly<Record<Priority, string>> = {
  urgent: '緊急',
  caution: '注意',
  note: 'お知らせ',
};

const changeJa: Readonly<Record<Change, string>> = {
  raised: '発生',
  reraised: '再発生',
  cleared: '復帰',
  'unacknowledged-return': '復帰(未確認)',
  acknowledged: '確認済み',
  shelved: '一時保留',
  unshelved: '保留解除',
  'shelf-ended': '保留終了',
  retired: '終了',
};

const changeEn: Readonly<Record<Change, string>> = {
  raised: 'raised',
  reraised: 'raised again',
  cleared: 'cleared',
  'unacknowledged-return': 'went away, not acknowledged',
  acknowledged: 'acknowledged',
  shelved: 'shelved',
  unshelved: 'unshelved',
  'shelf-ended': 'is back from the shelf',
  retired: 'retired',
};
