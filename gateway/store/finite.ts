import { StoreError } from './port.ts';

/** Why a number was refused; `what` names it. Databases and JSON would make an unknown value of it. */
export function notFinite(what: string, value: number): StoreError {
  return new StoreError(`store: ${what} is ${value}; only finite numbers can be stored`, false);
}
