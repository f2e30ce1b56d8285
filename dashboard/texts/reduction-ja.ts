const doubts: ReadonlyMap<string, string> = new Map([
  ['methodology-unconfirmed', '方法論が未確認'],
  ['factor-of-another-year', '他年度の排出係数で代用'],
  ['no-evidence', 'メーターの証拠が未登録'],
  ['estimated-class', '推定値（区分C）'],
  ['auxiliary-not-metered', '補機の消費が未計測'],
  ['auxiliary-incidental', '補機の消費は付随的な排出として除外'],
]);

const obstacles: ReadonlyMap<string, string> = new Map([
  ['shared-export', '売電を他の設備と共に計量しているため、算定できません。'],
  ['sold-unknown', '売電を計量するメーターがないため、算定できません。'],
  ['no-heat', '熱量が計量されていないため、燃料電池の削減量は算定していません。'],
  ['no-gas', '燃料の使用量が計量されていないため、燃料電池の削減量は算定していません。'],
  ['no-fuel-terms', 'ボイラー効率や発熱量が設定されていないため、算定していません。'],
  ['factor-missing', '排出係数が登録されていないため、算定していません。'],
  ['grid-charging-battery', '系統から充電する蓄電池があるため、算定していません。'],
  ['formula-unconfirmed', '算定式が確認されていません。'],
  ['mark-expired', '検定の有効期限（検満）が切れているため、算定していません。'],
  ['before-operation', '運転開始前です。'],
]);

/** What the page says of emission reductions. */
export const reductionJa = {
  today: 'CO₂削減量（今日）',
  fiscalYear: (year: number) => `CO₂削減量（${year}年度）`,
  provisional: '暫定',
  missing: 'まだ算定できる区間がありません。',
  withheld: (reason: string): string => obstacles.get(reason) ?? `算定していません（${reason}）。`,
  doubt: (reason: string, detail: string): string =>
    [doubts.get(reason) ?? reason, detail].filter((part) => part !== '').join(' '),
  separator: '、',
  because: (reasons: string) => `削減量は暫定値です: ${reasons}`,
};
