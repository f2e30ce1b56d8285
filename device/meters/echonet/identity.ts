import { unsigned } from './frame.ts';
import type { Facts } from './objects.ts';
import { epc, parseCode } from './properties.ts';

/** Older nodes have no production number; a newer one may state only its identification number. */
const identificationNumber = 0x83;

/** Asked for when a meter is met: what it has, and who made it. */
export const introductionCodes: readonly number[] = [
  epc.getMap,
  epc.maker,
  epc.productCode,
  epc.productionNumber,
  identificationNumber,
];
/** Asked for with every reading, so that no reading of a new meter passes as one of the old. */
export const serialCodes: readonly number[] = [epc.productionNumber, identificationNumber];

/** Which physical meter this is: its production number, or else its identification number in hexadecimal digits. */
export function serialOf(facts: Facts): string | undefined {
  const number = facts.get(epc.productionNumber);
  const text = number === undefined ? undefined : parseCode(number);
  if (text !== undefined) return text;
  const identification = facts.get(identificationNumber);
  if (identification === undefined || unsigned(identification) === 0) return undefined;
  return Buffer.from(identification).toString('hex');
}

/** For `meta`: the code of the manufacturer (as the ECHONET Consortium gave it), the model and the serial. */
export function identityOf(facts: Facts): Record<string, string> {
  const maker = facts.get(epc.maker);
  const product = facts.get(epc.productCode);
  const model = product === undefined ? undefined : parseCode(product);
  const serial = serialOf(facts);
  return {
    ...(maker !== undefined && { maker: Buffer.from(maker).toString('hex') }),
    ...(model !== undefined && { model }),
    ...(serial !== undefined && { serial }),
  };
}
