import dynalite from 'dynalite';
import { guard } from './guard.ts';
import { close, listen } from './listen.ts';

/** A running emulator: its address, and how to end it. */
export interface Emulator {
  endpoint: string;
  stop(): Promise<void>;
}

/** Starts dynalite on a free port. @param path the folder of its data; without it, in memory */
export async function startDynamoDB(path?: string): Promise<Emulator> {
  const server = dynalite({ ...(path && { path }), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return { endpoint: await listen(guard(server)), stop: () => close(server) };
}
