import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The structured log of one function. Callers pass it no address, token or key: [no secret in a
 * log](docs/invariants.md#12).
 */
export function createLogger(functionName: string): Logger {
  return new Logger({ serviceName: functionName });
}

export type { Logger };
