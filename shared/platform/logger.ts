import { Logger } from '@aws-lambda-powertools/logger';

/** The structured log of one function. Never pass it an address, a token or a key (invariant 12). */
export function createLogger(functionName: string): Logger {
  return new Logger({ serviceName: functionName });
}

export type { Logger };
