/*
 * The texts of tokens, in two forms. New tokens have the short one (docs/decisions/0080-short-tokens.md):
 *
 *   <purpose><key id>[-<generation>].[<nonce>.]<subscriber id><expiry><MAC>
 *
 * One capital for the purpose; the generation in 8 characters; no nonce if it is `0`; the subscriber id in 43; the
 * expiry in 5, seconds since 2020; of the HMAC-SHA256 the first 22, which are 132 bits. A token for one
 * paper does not hold the paper's id: the HMAC covers it. So all lengths but the nonce's are known, and characters that
 * a mail client adds at the end are no part of it.
 *
 * Mailed before, and valid until they expire:
 *
 *   v1.<key id>.<purpose>.<subscriber id>.<expiry, s>.<nonce>[--<generation>].<HMAC-SHA256 in 43 characters>
 */
import { createCache } from '../platform/cache.ts';
import { second } from '../platform/durations.ts';

/** By purpose, the capital that a token begins with. */
const capitals = {
  confirm: 'C',
  manage: 'M',
  preferences: 'P',
  data: 'D',
  takeback: 'T',
  unsubscribe: 'U',
  vote: 'V',
} as const;

export type TokenPurpose = keyof typeof capitals;

/** The content of a token. */
export interface TokenParts {
  keyId: string;
  purpose: string;
  subscriberId: string;
  /** Epoch ms. */
  expiry: number;
  nonce: string;
  generation?: string | undefined;
}

export interface FoundToken extends TokenParts {
  /** The text that the MAC is over. */
  signed: string;
  mac: string;
  /** Whether it has the short form, which does not hold a paper's nonce. */
  isShort: boolean;
}

/** The characters of base64url that are kept of an HMAC. RFC 2104 and NIST SP 800-107 ask for at least 128 bits. */
export const macLength = 22;

const shortForm =
  /(([CDMPTUV])([a-z0-9]{1,16})(?:-([\w-]{8}))?\.(?:([\w-]{1,64})\.)?([\w-]{43})([\w-]{5}))([\w-]{22})/g;
const longForm = /(v1\.([a-z0-9]{1,16})\.([a-z]{1,16})\.([\w-]{43})\.(\d{1,12})\.([\w-]{1,64}))\.([\w-]{43})/g;
const longWithGeneration = /^([\w-]+)--([0-9a-f]{12})$/;

/** A token that unsubscribes, alone between characters that no token has. */
const leaving =
  /(?:v1\.[a-z0-9]{1,16}\.unsubscribe\.[\w-]{43}\.\d{1,12}\.[\w-]{1,64}\.[\w-]{43}|U[a-z0-9]{1,16}\.[\w-]{70})(?![\w-])/;

/** The longest text (characters) in which a token is looked for: a link with the signs that a mail client may add. */
const longestText = 2_000;

const yearZero = Date.UTC(2020, 0, 1);
/** 5 characters of base64url carry 30 bits, which last until 2054. */
const mostSeconds = 2 ** 30 - 1;

/** A time (epoch ms) in 5 characters, rounded down to seconds. @throws RangeError after 2054 */
function timeText(at: number): string {
  const seconds = Math.max(0, Math.floor((at - yearZero) / second));
  return secondsText(seconds, () => textOf(seconds));
}

/** The links of one mail have the same few times. */
const secondsText = createCache<number, string>(100);

function textOf(seconds: number): string {
  if (seconds > mostSeconds)
    throw new RangeError('Tokens of this form end in 2054: docs/decisions/0080-short-tokens.md');
  const bytes = Buffer.alloc(4);
  // The 30 bits stand first, and the 2 after them are not shown.
  bytes.writeUInt32BE(seconds * 4);
  return bytes.toString('base64url').slice(0, 5);
}

function timeIn(text: string): number {
  return yearZero + (Buffer.from(`${text}A`, 'base64url').readUInt32BE() >>> 2) * second;
}

/** The beginning of a new token, which the MAC is over. */
export function unsignedToken({
  keyId,
  purpose,
  subscriberId,
  expiry,
  nonce,
  generation,
}: TokenParts & { purpose: TokenPurpose }): string {
  const last = generation === undefined ? '' : `-${Buffer.from(generation, 'hex').toString('base64url')}`;
  const bound = nonce === '0' ? '' : `${nonce}.`;
  return `${capitals[purpose]}${keyId}${last}.${bound}${subscriberId}${timeText(expiry)}`;
}

/**
 * Finds the token in a link that a mail client may have damaged. Clients append a full stop or a bracket, put `3D` in
 * front (quoted-printable that was not decoded), insert line breaks, quote marks or invisible characters, or encode the
 * link twice. The HMAC then decides whether the found token is genuine.
 * @param isKey whether there is a key with that id: words before a token may look like the beginning of one
 */
export function findToken(text: string, isKey: (keyId: string) => boolean): FoundToken | undefined {
  let bare = text.slice(0, longestText);
  if (bare.includes('%')) {
    try {
      bare = decodeURIComponent(bare);
    } catch {
      // A lone percent sign is dropped below, with all other signs that no token contains.
    }
  }
  bare = bare.replace(/[^\w.-]+/g, '');
  let first: FoundToken | undefined;
  for (const { form, read } of forms) {
    form.lastIndex = 0;
    for (let match = form.exec(bare); match; match = form.exec(bare)) {
      const found = read(match);
      if (isKey(found.keyId)) return found;
      first ??= found;
      // The token may begin within what looks like one.
      form.lastIndex = match.index + 1;
    }
  }
  return first;
}

/** The text in the form of a token that unsubscribes, from a mail's subject. Its signature is not checked. */
export function leavingTokenIn(subject: string): string | undefined {
  return leaving.exec(subject.slice(0, longestText))?.[0];
}

function readShort(match: RegExpExecArray): FoundToken {
  const [, signed = '', capital, keyId = '', last, nonce = '0', subscriberId = '', end = '', mac = ''] = match;
  const [purpose = ''] = Object.entries(capitals).find(([, each]) => each === capital) ?? [];
  const generation = last && Buffer.from(last, 'base64url').toString('hex');
  const expiry = timeIn(end);
  return { signed, keyId, purpose, subscriberId, expiry, nonce, ...(generation && { generation }), mac, isShort: true };
}

function readLong(match: RegExpExecArray): FoundToken {
  const [, signed = '', keyId = '', purpose = '', subscriberId = '', seconds, whole = '', mac = ''] = match;
  const [, nonce = whole, generation] = longWithGeneration.exec(whole) ?? [];
  const expiry = Number(seconds) * 1000;
  return {
    signed,
    keyId,
    purpose,
    subscriberId,
    expiry,
    nonce,
    ...(generation && { generation }),
    mac,
    isShort: false,
  };
}

const forms = [
  { form: longForm, read: readLong },
  { form: shortForm, read: readShort },
];
