/**
 * Characters that queues and buses refuse: U+FFFE and U+FFFF, which XML lacks (AWS), half surrogate pairs, and whole
 * pairs (the emulator). Other characters are not escaped: an escape is twice as long as a character of three bytes.
 */
const refused = /[\ud800-\udfff\ufffe\uffff]/g;

/** JSON for a queue or an event bus. It is accepted whatever characters a text holds, and parses to the same value. */
export function queueJson(value: unknown): string {
  return JSON.stringify(value).replace(refused, unit => `\\u${unit.charCodeAt(0).toString(16)}`);
}
