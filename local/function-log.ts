/** One entry of a function's structured log. */
export interface LogEntry {
  level: string;
  /** The whole entry on one line of JSON. */
  json: string;
  /** What a person at a terminal wants to know of it. */
  text: string;
}

/** Fields that say nothing at a terminal, or are shown in another way. */
const quietFields = new Set(['level', 'message', 'service', 'timestamp', 'sampling_rate', 'error']);

/**
 * Hands over what functions log, instead of letting it run across the terminal. The logger writes to the global
 * console when POWERTOOLS_DEV is set.
 * @returns a function that gives the console back
 */
export function captureFunctionLogs(onEntry: (entry: LogEntry) => void): () => void {
  process.env.POWERTOOLS_DEV = 'true';
  const methods = ['debug', 'log', 'info', 'warn', 'error'] as const;
  const originals = methods.map(method => [method, console[method]] as const);
  for (const method of methods) {
    console[method] = (...parts: unknown[]) => onEntry(readEntry(parts.map(String).join(' '), method));
  }
  return () => {
    for (const [method, original] of originals) console[method] = original;
  };
}

function readEntry(logged: string, method: string): LogEntry {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(logged) as Record<string, unknown>;
  } catch {
    // Not from the logger: a library's own words.
    entry = { level: method.toUpperCase(), message: logged };
  }
  const { level = 'INFO', service, message, error } = entry as { [field: string]: unknown; error?: Error };
  const details = Object.entries(entry)
    .filter(([field]) => !quietFields.has(field))
    .map(([field, value]) => `${field}=${JSON.stringify(value)}`);
  const words = [...(service ? [`${service}:`] : []), message, ...(error?.message ? [error.message] : []), ...details];
  return { level: String(level), json: JSON.stringify(entry), text: words.join(' ') };
}
