const otherScript = /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;

/**
 * The attribute by which a text of another script is laid out in its own direction. A mail writes it only there, as each byte
 * counts 50 times.
 */
export function directionOf(text: string): { dir?: 'auto' } {
  return otherScript.test(text) ? { dir: 'auto' } : {};
}
