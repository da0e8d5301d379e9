import { generateKeyPairSync, sign } from 'node:crypto';

/*
 * Certificates (X.509, RFC 5280) that sign themselves, as Node can read them and not make them: for servers on this machine.
 */

/** An element of DER: its tag, the length of what is in it, and that. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = length > 0xff ? [0x82, length >> 8, length & 0xff] : [0x81, length];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const text = (tag: number, value: string) => der(tag, Buffer.from(value));
/** `20271127180000Z` */
const time = (at: number) => text(0x18, new Date(at).toISOString().replace(/[-:T]|\.\d+/g, ''));

const commonName = oid('550403');
const subjectAlternativeName = oid('551d11');
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));

/** A key and a certificate for a host name, valid until an instant (epoch ms), in PEM. */
export function createCertificate(host: string, validUntil: number): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(commonName, text(0x0c, host))));
  const hosts = der(0x04, sequence(text(0x82, host)));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time(validUntil - 365 * 86_400_000), time(validUntil)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(subjectAlternativeName, hosts))),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', signed, privateKey));
  const base64 = sequence(signed, ecdsaWithSha256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}
