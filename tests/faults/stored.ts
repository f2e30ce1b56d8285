import { z } from 'zod';
import type { GatewayProcess } from '../system/gateway-process.ts';

const rowSchema = z.object({
  at: z.int(),
  value: z.number().nullable(),
  raw: z.number().nullable(),
  quality: z.string(),
  why: z.string().nullish(),
  stream: z.string(),
  seq: z.int(),
});
export type Row = z.infer<typeof rowSchema>;

/** What the store holds of one channel from a device time on, oldest first, as any client reads it. */
export async function storedRows(
  gateway: GatewayProcess,
  channel: string,
  fromMs?: number,
): Promise<Row[]> {
  const answer = await gateway.get(
    `/api/v1/readings?channel=${channel}${fromMs === undefined ? '' : `&from=${fromMs}`}`,
  );
  if (answer.status === 404) return [];
  if (!answer.ok) throw new Error(`${answer.status} for ${channel}: ${await answer.text()}`);
  const text = await answer.text();
  return text.split('\n').flatMap((line) => (line === '' ? [] : rowSchema.parse(JSON.parse(line))));
}

const gapsSchema = z.object({
  items: z.array(
    z.object({
      device: z.string(),
      stream: z.string(),
      firstSeq: z.int(),
      lastSeq: z.int(),
      state: z.enum(['open', 'final']),
      why: z.string().optional(),
    }),
  ),
});

export async function gapsOf(gateway: GatewayProcess) {
  const answer = await gateway.get('/api/v1/gaps?site=keihin');
  return gapsSchema.parse(await answer.json()).items;
}
