import dynalite from 'dynalite';
import { guard } from './guard.ts';
import { close, listen } from './listen.ts';

/** A running emulator: where the AWS SDK finds it, and how to end it. */
export interface Emulator {
  endpoint: string;
  stop(): Promise<void>;
}

/** Starts dynalite on a free port. @param path the folder it keeps its data in; without it, in memory */
export async function startDynamoDB(path?: string): Promise<Emulator> {
  const server = dynalite({ ...(path && { path }), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return { endpoint: await listen(guard(server)), stop: () => close(server) };
}
