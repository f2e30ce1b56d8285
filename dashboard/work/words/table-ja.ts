import type { TableMistake } from '#gateway/contract';

type Say = (first: string, second: string) => string;

const words: Readonly<Record<TableMistake['code'], Say>> = {
  'quote-open': () => '引用符（"）が閉じていません。',
  'column-missing': (column) => `1 行目に列 ${column} がありません。`,
  'column-odd': (column) => `1 行目の「${column}」は知らない列か、二度目の列です。`,
  'rows-none': () => '1 行目の下に行がありません。',
  'rows-many': (rows, most) => `${rows} 行あります。一度に ${most} 行までです。`,
  'cells-count': (cells, columns) => `${cells} 列あります。1 行目は ${columns} 列です。`,
  'meter-unknown': () => 'このメーターは設定にありません。下に示した名前で書いてください。',
  'time-format': () => '時刻として読めません。2026-04-01T09:00:00+09:00 の形で書いてください。',
  'time-ahead': () => '未来の時刻です。',
  'time-early': () => '2020 年より前の時刻です。',
  'wh-format': () => '0 以上の整数（Wh）で書いてください。小数や桁区切りは使えません。',
  'by-format': () => '読んだ人の名前を 100 文字以内で書いてください。',
  'photo-format': () => '写真の SHA-256（16 進 64 桁）で書くか、空欄にしてください。',
  'row-twice': (row) => `${row} 行目とメーターと時刻が同じです。`,
  'read-already': (by, wh) => `${by} がこの時刻に ${wh} Wh を記録しています。`,
};

/** What is wrong with a table, and in which cell: `3 行目 wh: …`. */
export function tableMistakeJa({
  code,
  row,
  column,
  told: [first = '', second = ''],
}: TableMistake) {
  const place = [row === null ? '' : `${row} 行目`, column ?? ''].filter(Boolean).join(' ');
  return `${place === '' ? '' : `${place}: `}${words[code](first, second)}`;
}
