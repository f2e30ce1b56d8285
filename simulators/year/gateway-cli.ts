import { createRequire } from 'node:module';
import type { Household } from '../demo/household.ts';
import { Complaint } from '../complaint.ts';
import { epitaph } from '../demo/child.ts';

const { resolve: programPath } = createRequire(import.meta.url);
export const gatewayProgram = (): string => programPath('#build/kadoru-gateway.js');

/** Runs `kadoru-gateway` with some words to its end. Throws a Complaint with what it said where it fails. */
export async function tellGateway(
  household: Household,
  words: readonly string[],
  options: Readonly<Record<string, string | true>>,
): Promise<void> {
  const args = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
  const child = household.run(words.join(' '), gatewayProgram(), [...words, ...args]);
  const how = await household.during(child.ended);
  if (how !== 'ended with exit code 0')
    throw new Complaint(epitaph(`kadoru-gateway ${words.join(' ')}`, how, child.lastLines()));
}
