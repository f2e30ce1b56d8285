import type { TableKind } from './columns.ts';

/** Test equipment: a programme of a home and a shop as the four tables of an import. */
export const tables: Readonly<Record<TableKind, string>> = {
  project: `id,name,methodology,fuel,factor_rule,factor_year,factor_year_document,factor_year_page,auxiliary,auxiliary_document,auxiliary_page,applied_on,from,to,payment,share
minato-pv,Minato PV,EN-R-002,,all-source,of-reduction,plan,3,subtracted,plan,4,2026-04-01,2026-04-01,2027-04-01,success-fee,0.70
`,
  member: `id,project,kind,applied_on,admitted_on,left_on,monitored_from,value_owner,subsidies,subsidies_taking_value,investment_yen,subsidy_yen,saving_yen_per_year,other_schemes
home-1,minato-pv,household,2026-04-01,2026-04-10,,,member,ward,,,,,
shop-1,minato-pv,business,2026-04-01,2026-04-10,,,member,ward,,1500000,500000,100000,
`,
  device: `id,member,kind,maker,model,serial,fuel,operation_started_on,rated_w,grid_charging_battery,shared_export
home-1-pv,home-1,pv,maker,model,PV-0001,,2025-12-01,4000,no,no
shop-1-pv,shop-1,pv,maker,model,PV-0002,,2026-02-01,9900,no,no
`,
  meter: `id,member,device,item,register,serial,class,evidence,mark_expires,calibration_document,pulses,from,to
home-1-g,home-1,home-1-pv,generated,minato/home-1/generated,M-1,B,specified,2033-03-31,,no,2026-04-01,
home-1-s,home-1,home-1-pv,sold,minato/home-1/exported,M-1,B,calibrated,,cal-17,no,2026-04-01,
shop-1-g,shop-1,shop-1-pv,generated,minato/shop-1/generated,M-2,B,specified,2026-08-30,,no,2026-04-01,
shop-1-s,shop-1,shop-1-pv,sold,minato/shop-1/exported,M-2,B,,,,no,2026-04-01,
`,
};
