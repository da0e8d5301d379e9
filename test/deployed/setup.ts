import { readOutputs } from './gateway.ts';

/** Ends the run before its first test, with one sentence, where there is nothing to test. */
export default function setup(): void {
  try {
    readOutputs();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
