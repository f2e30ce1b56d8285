import type { FactorRow, FactorSymbol } from './factor.ts';

/**
 * The rows that ship: exactly the values that were read in published texts of the scheme. Which page of which document
 * each stood on was not written down when it was read, and the rows say so. No other year is here: its value is not
 * known, `kadoru-gateway factors add` enters it with document, version and page.
 */
const source = {
  end: 'receiving',
  class: 'published',
  document: 'Jクレジット制度の公表資料 (published plans, forms and rule texts of the scheme)',
  version: 'as read for facts/jcredit.md, mark [V]',
  page: 'not recorded',
  verifiedBy: 'facts/jcredit.md',
} as const;

function electricity(symbol: FactorSymbol, fiscalYear: number, value: string): FactorRow {
  return { fiscalYear, symbol, value, unit: 't-CO2/kWh', ...source };
}

export const shippedFactorRows: readonly FactorRow[] = [
  electricity('C_mo', 2009, '0.000524'),
  electricity('C_mo', 2010, '0.000540'),
  electricity('C_a', 2011, '0.000476'),
  electricity('C_a', 2012, '0.000487'),
  electricity('C_a', 2013, '0.000570'),
  electricity('C_a', 2021, '0.000434'),
  {
    ...source,
    fiscalYear: null,
    symbol: 'CEF_lpg',
    value: '0.0601',
    unit: 't-CO2/GJ',
    end: 'combustion',
  },
];
