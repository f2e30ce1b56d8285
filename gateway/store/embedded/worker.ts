import { parentPort, workerData } from 'node:worker_threads';
import { openForReading, openForWriting } from './driver.ts';
import { lockForThisProcess } from './lock.ts';
import type { ReaderService, WorkerStart, WriterService } from './protocol.ts';
import { createReader } from './reader.ts';
import { migrate, schemaSteps } from './schema.ts';
import { serve } from './serve.ts';
import { createWriter } from './writer.ts';

/** The program of both store threads. SQLite's calls block; here they block nobody else. */
function main(): void {
  if (parentPort === null) throw new Error('store-worker is started by the gateway, not by hand');
  const { role, file }: WorkerStart = workerData;
  if (role === 'writer') serve(parentPort, file, () => openWriter(file));
  else serve(parentPort, file, () => openReader(file));
}

function openWriter(file: string): WriterService {
  const unlock = lockForThisProcess(file);
  try {
    const database = openForWriting(file);
    migrate(database, file, schemaSteps);
    const writer = createWriter(database);
    const close = () => {
      writer.close();
      return unlock();
    };
    return { ...writer, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

function openReader(file: string): ReaderService {
  return createReader(openForReading(file));
}

main();
