import type { GatewayProcess } from '../system/gateway-process.ts';

/** The first picture of the plant that the gateway sends with a measured pack in it, as JSON. */
export async function livePicture(gateway: GatewayProcess): Promise<string> {
  const answer = await gateway.get('/api/v1/live');
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString();
    const data = /^data: (\{.*"measuredAt":\d.*\})\n/m.exec(text)?.[1];
    if (data !== undefined) return data;
  }
  throw new Error('the stream ended without a picture');
}
