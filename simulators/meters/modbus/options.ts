import { z } from 'zod';
import { layouts, type ModelName } from './layouts.ts';

const lastUnit = 247;

/** `1=sdm230,2=iem3155`: which meter answers at which unit. */
export const modbusMetersSchema = z.string().transform((text, context) => {
  const meters = new Map<number, ModelName>();
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message, input: text });
    return z.NEVER;
  };
  for (const part of text.split(',')) {
    const [unitText = '', model = '', ...rest] = part.split('=');
    const unit = Number(unitText);
    if (!Number.isInteger(unit) || unit < 1 || unit > lastUnit || rest.length > 0)
      return refuse(`"${part}" must look like 1=sdm230, units 1 to ${lastUnit}`);
    if (!isModel(model))
      return refuse(`"${model}" is no meter; known: ${Object.keys(layouts).join(' ')}`);
    if (meters.has(unit)) return refuse(`unit ${unit} stands there twice`);
    meters.set(unit, model);
  }
  return meters;
});

function isModel(name: string): name is ModelName {
  return Object.hasOwn(layouts, name);
}
