import { Complaint, reasonOf } from '../complaint.ts';
import { z } from 'zod';

const hourMs = 3_600_000;
/** Looked through from the newest backwards, each once: most starts follow the last stop closely. */
const windowEndsMs = [0, hourMs / 6, 3 * hourMs, 24 * hourMs];
export const farthestBackMs = 31 * 24 * hourMs;

const rowSchema = z.object({ at: z.int(), value: z.number().nullable() });

interface StoredValue {
  readonly at: number;
  readonly value: number;
}

export interface Stored {
  readonly pressure: StoredValue | undefined;
  readonly temperature: StoredValue | undefined;
  readonly register: StoredValue | undefined;
  readonly fuelCellWh?: StoredValue | undefined;
  readonly fuelCellGas?: StoredValue | undefined;
  readonly importedWh?: StoredValue | undefined;
  readonly exportedWh?: StoredValue | undefined;
  /** Of the roof alone. */
  readonly soldWh?: StoredValue | undefined;
}

export interface ReadingsAddress {
  /** `http://127.0.0.1:8080` */
  readonly http: string;
  readonly site: string;
  readonly device: string;
  readonly pack: string;
  readonly meter: string;
  readonly fuelCell: string;
  readonly gridMeter: string;
  readonly soldMeter: string;
}

/**
 * The newest stored values of the last 31 days, over the gateway's HTTP. A null reading (a fault) says nothing about
 * the world and is passed over. Throws a Complaint when the gateway does not answer as the contract says.
 */
export async function lastStored(address: ReadingsAddress, nowMs: number): Promise<Stored> {
  const { site, device, pack, meter, fuelCell, gridMeter, soldMeter } = address;
  const last = (channel: string): Promise<StoredValue | undefined> =>
    lastOf(address.http, `${site}/${device}/${channel}`, nowMs);
  return {
    pressure: await last(`${pack}/pressure`),
    temperature: await last(`${pack}/temperature`),
    register: await last(`${meter}/generated`),
    fuelCellWh: await last(`${fuelCell}/generated`),
    fuelCellGas: await last(`${fuelCell}/gas`),
    importedWh: await last(`${gridMeter}/imported`),
    exportedWh: await last(`${gridMeter}/exported`),
    soldWh: await last(`${soldMeter}/exported`),
  };
}

async function lastOf(
  http: string,
  channel: string,
  nowMs: number,
): Promise<StoredValue | undefined> {
  for (const [index, endMs] of windowEndsMs.entries()) {
    const startMs = windowEndsMs[index + 1] ?? farthestBackMs;
    const found = await lastWithin(http, channel, nowMs - startMs, nowMs - endMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function lastWithin(
  http: string,
  channel: string,
  from: number,
  to: number,
): Promise<StoredValue | undefined> {
  const query = new URLSearchParams({ channel, from: String(from), to: String(to) });
  const url = `${http}/api/v1/readings?${query}`;
  let last: StoredValue | undefined;
  try {
    const response = await fetch(url);
    if (!response.ok) return noReadings(response.status, await response.text());
    for await (const line of linesOf(response.body ?? new ReadableStream())) {
      const { at, value } = rowSchema.parse(JSON.parse(line));
      if (value !== null) last = { at, value };
    }
  } catch (error) {
    throw new Complaint(`${url}: ${reasonOf(error)}. Is the gateway running there (--http)?`);
  }
  return last;
}

/** A gateway that never heard of the channel answers 404 naming it; any other refusal is an error. */
function noReadings(status: number, body: string): undefined {
  const unknownChannel = status === 404 && body.includes('"field":"channel"');
  if (!unknownChannel) throw new Error(`${status} ${body.slice(0, 300)}`);
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
