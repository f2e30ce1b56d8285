import { z } from 'zod';
import { idSchema } from '#device/contract';
import { factorRules } from '../emissions/factor-rule.ts';
import { auxiliaryTreatments } from '../emissions/incidental.ts';

/**
 * How a generator's energy becomes a reduction. Its methodology follows from its kind. What it sells is its own register
 * `exported` where there is one, else `exported` of the site's only meter that has it.
 */
export const reductionSchema = z
  .strictObject({
    factorRule: z.enum(factorRules).default('all-source'),
    /** `none`: nothing it makes leaves the site; or the site's meter that counts what does. */
    sold: z.union([z.literal('none'), z.strictObject({ meter: idSchema })]).optional(),
    auxiliary: z.enum(auxiliaryTreatments).default('subtracted'),
    operationStartedOn: z.iso.date('is a date: 2025-10-01').optional(),
    /** Its inverter charges a battery from the grid, and may count that as generated. */
    gridChargingBattery: z.boolean().default(false),
    /** What it sells is counted together with what something else sells. */
    sharedExport: z.boolean().default(false),
  })
  .refine(
    ({ factorRule, operationStartedOn }) => factorRule === 'all-source' || operationStartedOn,
    {
      path: ['operationStartedOn'],
      error: 'say when operation started: the transitional rule counts from there',
    },
  )
  .prefault({});

interface Site {
  readonly generators: readonly { readonly reduction: z.output<typeof reductionSchema> }[];
  readonly meters: readonly { readonly id: string; readonly quantities: readonly string[] }[];
}

/** Meters of sold energy that the site does not have. */
export function soldMistakes({ generators, meters }: Site) {
  return generators.flatMap(({ reduction: { sold } }, index) => {
    if (sold === undefined || sold === 'none') return [];
    const meter = meters.find(({ id }) => id === sold.meter);
    if (meter?.quantities.includes('exported') === true) return [];
    const message = meter === undefined ? 'is no meter of this site' : 'has no register "exported"';
    const path = ['generators', index, 'reduction', 'sold', 'meter'];
    return [{ path, message, input: sold.meter }];
  });
}
