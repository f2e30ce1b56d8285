import { connect } from 'node:net';

/** A byte stream to a board, whatever carries it. It ends once; a new one is opened for the next try. */
export interface Wire {
  write(bytes: Uint8Array, written: () => void): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Resolves with the reason, in words, when the stream has ended. */
  readonly ended: Promise<string>;
  close(): Promise<void>;
}

/** StandardFirmata's serial speed. */
export const baudRate = 57_600;

/**
 * Opens a serial port (`/dev/serial/by-id/...`) or Firmata over TCP (`tcp://host:port`, WiFi and Ethernet boards).
 * Rejects with what to do when it cannot be opened within `timeoutMs`, or `signal` says to stop.
 */
export function openWire(port: string, timeoutMs: number, signal: AbortSignal): Promise<Wire> {
  return port.startsWith('tcp://')
    ? openTcp('board', new URL(port), timeoutMs, signal)
    : openSerial({ path: port, baudRate });
}

/** @param what sits at the other end, for the messages. */
export function openTcp(
  what: string,
  { hostname, port }: URL,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port),
      noDelay: true,
    });
    let reason = `the ${what} closed the connection`;
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), timeoutMs);
    const cut = (): void => void socket.destroy();
    signal.addEventListener('abort', cut);
    if (signal.aborted) cut();
    const ended = new Promise<string>((end) => {
      socket.once('close', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cut);
        reject(new Error(`${reason}; is the ${what} on, and is ${hostname}:${port} its address?`));
        end(reason);
      });
    });
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.setKeepAlive(true, 10_000);
      resolve({
        ended,
        write: (bytes, written) => void socket.write(bytes, () => written()),
        onData: (listener) => void socket.on('data', listener),
        close: async () => {
          socket.destroy();
          await ended;
        },
      });
    });
  });
}

export interface SerialLine {
  readonly path: string;
  readonly baudRate: number;
  readonly parity?: 'none' | 'even' | 'odd';
  readonly stopBits?: 1 | 2;
}

/** Opens a serial port of 8 data bits. Rejects with what to do when it cannot be opened. */
export async function openSerial(line: SerialLine): Promise<Wire> {
  // Loaded only where a serial port is used: the native part costs memory that a TCP board does not need.
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ ...line, autoOpen: false });
  let reason = 'the port was closed';
  port.on('error', (error: Error) => {
    reason = error.message;
  });
  const ended = new Promise<string>((end) => {
    port.once('close', (error: Error | null) => end(error?.message ?? reason));
  });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error === null) resolve();
      else reject(new Error(`${error.message}; kadoru-device scan lists the ports that exist`));
    });
  });
  return {
    ended,
    write: (bytes, written) => void port.write(Buffer.from(bytes), () => written()),
    onData: (listener) => void port.on('data', listener),
    close: async () => {
      if (port.isOpen) port.close();
      await ended;
    },
  };
}
