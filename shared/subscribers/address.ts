import { domainToASCII } from 'node:url';
import * as z from 'zod';
import { mailboxOf } from './providers.ts';

/** An address that SES can deliver to. */
export interface Address {
  /** As typed, with the domain in ASCII (punycode). Mail is sent to this form. */
  delivery: string;
  /** In lower case. One identity is one subscriber. Nothing is stripped: `a+b@x.org` is not `a@x.org`. */
  identity: string;
  /** The mailbox (`mailboxOf`), shared by all its known variants. For limits and counts only. */
  abuseKey: string;
}

export type AddressResult = { ok: true; address: Address } | { ok: false; reason: string };

/** Octets, by RFC 5321 section 4.5.3.1: 64 before the @; 254 in all fit with angle brackets into a path of 256. */
const longestLocalPart = 64;
const longestAddress = 254;
/** The longest typed text (characters) that is parsed: an address in its Unicode form with blanks around it. */
export const longestTyped = 1_000;

/** An address as typed. `parseAddress` checks it and names its fault. */
export const typedAddressSchema = z.string().max(longestTyped).meta({ format: 'email' });

/** RFC 5322 dot-atom: the form of an unquoted name before the @. */
const dotAtom = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domainLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
/** Control, format (bidi marks and overrides among them) and surrogate characters: never part of an address. */
export const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

/**
 * As `invisible`, without the characters that written text needs: joiners (Persian words, emoji) and the tags of flags.
 */
export const unwritable =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?!\u200c|\u200d|[\u{e0020}-\u{e007f}])\p{Cf}/u;

function refuse(reason: string): AddressResult {
  return { ok: false, reason };
}

/**
 * Checks that SES accepts a typed e-mail address; if not, the reason is a sentence for its owner.
 * @param typed typed or pasted text; blanks, tabs, line breaks and invisible characters around the address are dropped
 */
export function parseAddress(typed: string): AddressResult {
  if (typed.length > longestTyped) return refuse(`The address is longer than ${longestAddress} characters.`);
  const text = trimmed(typed);
  if (invisible.test(text)) return refuse('The address contains an invisible or control character. Type it by hand.');
  if (text === '') return refuse('Give an e-mail address, like name@example.org.');
  const at = text.lastIndexOf('@');
  if (at <= 0 || at === text.length - 1) return refuse('An e-mail address looks like name@example.org.');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);

  if (local.startsWith('"')) return refuse('Quoted names before the @ can’t be delivered to. Use another address.');
  if (/[()<>,;:\\[\]]/.test(text)) return refuse('Give the bare address only, without brackets, comments or a name.');
  if (/[^\x21-\x7e]/.test(local)) {
    return refuse('Before the @ only unaccented letters, digits and common signs can be delivered to.');
  }
  if (!dotAtom.test(local)) return refuse('The part before the @ is not valid: check its dots and signs.');
  if (local.length > longestLocalPart) return refuse('The part before the @ is longer than 64 characters.');

  // Checked before the conversion too: domainToASCII silently drops or maps some characters.
  if (/[\s/?#%@]/.test(domain)) return refuse('The part after the @ is not a valid domain name.');
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  if (labels.length < 2) return refuse('The part after the @ is not a full domain name, like example.org.');
  if (ascii.length > 253 || !labels.every(label => domainLabel.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) {
    return refuse('The part after the @ is not a valid domain name.');
  }
  const delivery = `${local}@${ascii}`;
  if (delivery.length > longestAddress) return refuse(`The address is longer than ${longestAddress} characters.`);
  const identity = delivery.toLowerCase();
  return { ok: true, address: { delivery, identity, abuseKey: mailboxOf(identity) } };
}

/** Drops the blanks and invisible characters that pasting leaves around a text. */
function trimmed(typed: string): string {
  const characters = [...typed];
  const isBlank = (character: string) => /\s/.test(character) || invisible.test(character);
  const begin = characters.findIndex(character => !isBlank(character));
  const end = characters.findLastIndex(character => !isBlank(character));
  return begin < 0 ? '' : characters.slice(begin, end + 1).join('');
}

/** An address in its `delivery` form. */
export const deliveryAddressSchema = z.string().refine(text => {
  const parsed = parseAddress(text);
  return parsed.ok && parsed.address.delivery === text;
}, 'not an address that mail can be sent to');
