/** One entry of a function's structured log. */
export interface LogEntry {
  level: string;
  /** The whole entry as one line of JSON. */
  json: string;
  /** The entry in short, for a terminal. */
  text: string;
}

/** Fields that a terminal does not need, or that are shown otherwise. */
const quietFields = new Set(['level', 'message', 'service', 'timestamp', 'sampling_rate', 'error']);

/**
 * Collects the functions' log entries instead of printing them. With POWERTOOLS_DEV set, the logger writes to the
 * global console.
 * @returns a function that restores the console
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
    // A text that did not come from the logger but from a library.
    entry = { level: method.toUpperCase(), message: logged };
  }
  const { level = 'INFO', service, message, error } = entry as { [field: string]: unknown; error?: Error };
  const details = Object.entries(entry)
    .filter(([field]) => !quietFields.has(field))
    .map(([field, value]) => `${field}=${JSON.stringify(value)}`);
  const words = [...(service ? [`${service}:`] : []), message, ...(error?.message ? [error.message] : []), ...details];
  return { level: String(level), json: JSON.stringify(entry), text: words.join(' ') };
}
