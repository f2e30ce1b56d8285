/** The little that tests use of the npm package, which has no types. */
declare module 'echonet-lite' {
  import type { RemoteInfo, Socket } from 'node:dgram';

  type Details = Record<string, Record<string, number[]>>;
  interface Received {
    readonly DEOJ: string;
    readonly ESV: string;
  }
  const EL: {
    EL_port: number;
    readonly GET: string;
    readonly INFC: string;
    readonly INFC_RES: string;
    readonly NODE_PROFILE_OBJECT: string;
    initialize(
      objects: string[],
      received: (from: RemoteInfo, frame: Received | null) => void,
      ipVersion: 4,
      options: { v4: string; ignoreMe: boolean; autoGetProperties: boolean },
    ): Promise<Socket>;
    replyGetDetail(to: RemoteInfo, frame: Received, details: Details): Promise<void>;
    sendOPC1(ip: string, seoj: string, deoj: string, esv: string, epc: number, edt: number[]): void;
  };
  export default EL;
}
