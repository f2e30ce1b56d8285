import pino from 'pino';

/** Fields for machines first, then one sentence for people; one JSON line each on stderr. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export function createLog(level: 'debug' | 'info' | 'warn' | 'error'): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
