import { html } from 'hono/html';
import { cutText } from '../papers/lead/cut.ts';

/** Escapes a text for HTML. */
export function asHtml(text: string): string {
  return String(html`${text}`);
}

const bytesOf = (text: string) => Buffer.byteLength(asHtml(text));

/** The text, or its beginning if the whole takes more than `mostBytes` in HTML. */
export function shorten(text: string, mostBytes: number): string {
  let short = text;
  for (let bytes = bytesOf(short); bytes > mostBytes && short !== ''; bytes = bytesOf(short)) {
    short = cutText(short, Math.min(short.length - 1, Math.floor((short.length * mostBytes) / bytes)));
  }
  return short;
}

const controls = /\p{Cc}+/gu;

/** A text without the characters that stand for a reader's own parts. */
export const cleaned = (text: string) => text.replace(controls, ' ');
