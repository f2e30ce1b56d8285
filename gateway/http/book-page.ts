import { html, raw } from 'hono/html';
import type { BookLine } from '#gateway/contract';
import type { Span } from '../store/port.ts';
import { japanTime } from './csv.ts';

export interface Book {
  readonly site: string;
  readonly span: Span;
  readonly origin: BookLine['origin'] | undefined;
  readonly lines: readonly BookLine[];
  /** Of the packs, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly printedAt: number;
}

/** Known to the browser by its hash (`bookStyleHash`): no other inline style is applied. */
export const bookStyle = `
@page { size: A4 landscape; margin: 12mm }
body { font: 10pt/1.5 "Noto Sans JP", "Hiragino Sans", "Yu Gothic", Meiryo, sans-serif; color: #000; background: #fff; margin: 0 auto; max-width: 273mm }
h1 { font-size: 15pt; margin: 0 0 2mm }
p { margin: 0 0 3mm }
table { border-collapse: collapse; width: 100%; margin-bottom: 6mm }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border: 0.2mm solid #555; padding: 1mm 2mm; text-align: left; overflow-wrap: anywhere }
th { background: #eee }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
caption { text-align: left; font-weight: bold; padding-bottom: 1mm }
`;

const originNames = new Map([
  ['tokyo', '東京産'],
  ['yamanashi', '山梨産'],
]);
const entryNames = {
  received: '受入',
  issued: '払出',
  lost: '損失',
  returned: '返却',
  unexplained: '未説明の変化',
} as const;
const entries = ['received', 'issued', 'lost', 'returned', 'unexplained'] as const;

/** Built apart: the hash counts every space between the tags. */
const styled = raw(`<style>${bookStyle}</style>`);

/** The book as a page for A4 paper. Everything people wrote is escaped by `html`. */
export function bookPage(book: Book) {
  const { site, span, origin, lines, printedAt } = book;
  const origins = [...new Set(lines.map((line) => line.origin))];
  const which = origin === undefined ? '全産地' : originName(origin);
  return html`<!doctype html>
    <html lang="ja">
      <head>
        <meta charset="utf-8" />
        <title>水素受払簿 ${site}</title>
        ${styled}
      </head>
      <body>
        <h1>水素受払簿（${which}）</h1>
        <p>
          事業所: ${site}　期間: ${minute(span.from)} 〜 ${minute(span.to)}　作成:
          ${minute(printedAt)}（日本時間）
        </p>
        ${origins.length === 0 ? html`<p>この期間の記録はありません。</p>` : ''}
        ${origins.map((each) => table(book, each))}
        <p>
          質量は NIST 2008 の状態方程式による実質量。± は拡張不確かさ（k =
          2）。払出は一つの納入ごとに合計した値で、「不明」は説明のない変化を含むか、測定がないことを示す。
        </p>
      </body>
    </html>`;
}

function table({ lines, names }: Book, origin: string) {
  const mine = lines.filter((line) => line.origin === origin);
  return html`<table>
    <caption>
      ${originName(origin)}
    </caption>
    <thead>
      <tr>
        <th>日時</th>
        <th>区分</th>
        <th>カードル</th>
        <th>容器番号</th>
        <th>質量 kg</th>
        <th>± kg</th>
        <th>証明書・ロット等</th>
        <th>記入者</th>
      </tr>
    </thead>
    <tbody>
      ${mine.map(
        (line) =>
          html`<tr>
            <td>${minute(line.at)}</td>
            <td>${entryNames[line.entry]}</td>
            <td>${names.get(line.pack) ?? line.pack}</td>
            <td>${line.serial}</td>
            <td class="number">${kilograms(line.kg)}</td>
            <td class="number">${kilograms(line.expandedUncertaintyKg)}</td>
            <td>${line.reference}</td>
            <td>${line.by}</td>
          </tr>`,
      )}
    </tbody>
    <tbody>
      ${entries.map((entry) => total(mine, entry))}
    </tbody>
  </table>`;
}

function total(lines: readonly BookLine[], entry: BookLine['entry']) {
  const amounts = lines.filter((line) => line.entry === entry).map(({ kg }) => kg);
  if (amounts.length === 0) return '';
  return html`<tr>
    <th colspan="4">${entryNames[entry]} 計</th>
    <td class="number">${kilograms(sum(amounts))}</td>
    <td colspan="3"></td>
  </tr>`;
}

/** A sum with an unknown part is unknown. */
function sum(amounts: readonly (number | null)[]): number | null {
  let kg = 0;
  for (const amount of amounts) {
    if (amount === null) return null;
    kg += amount;
  }
  return kg;
}

function originName(origin: string): string {
  return originNames.get(origin) ?? origin;
}

/** To 0.1 kg: more would be smaller than any uncertainty. */
function kilograms(kg: number | null): string {
  return kg === null ? '不明' : (Math.round(kg * 10) / 10).toFixed(1);
}

function minute(ms: number): string {
  return japanTime(ms).slice(0, 16).replace('T', ' ');
}
