/**
 * What no queue or bus takes as it is: characters that XML has not (U+FFFE and U+FFFF at AWS), half surrogate pairs, and,
 * in the emulator, whole ones. All others stay: an escape is twice as long as a character of three bytes.
 */
const refused = /[\ud800-\udfff\ufffe\uffff]/g;

/** JSON for a queue or an event bus: whatever a text holds, it is taken, and comes out as it was. */
export function queueJson(value: unknown): string {
  return JSON.stringify(value).replace(refused, unit => `\\u${unit.charCodeAt(0).toString(16)}`);
}
