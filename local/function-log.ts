/** One entry of a function's structured log. */
export interface LogEntry {
  level: string;
  service: string;
  message: string;
  /** The whole entry on one line of JSON. */
  json: string;
}

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
    console[method] = (...parts: unknown[]) => onEntry(parseEntry(parts.map(String).join(' '), method));
  }
  return () => {
    for (const [method, original] of originals) console[method] = original;
  };
}

function parseEntry(text: string, method: string): LogEntry {
  try {
    const entry = JSON.parse(text) as Partial<Record<keyof LogEntry, string>>;
    const { level = 'INFO', service = '', message = '' } = entry;
    return { level, service, message, json: JSON.stringify(entry) };
  } catch {
    // Not from the logger: a library's own words.
    const level = method.toUpperCase();
    return { level, service: '', message: text, json: JSON.stringify({ level, message: text }) };
  }
}
