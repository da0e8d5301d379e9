import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { type ConnectionOptions, connect, type PeerCertificate } from 'node:tls';
import { type Finding, failed, ok, reasonOf, unknown, warning } from './check.ts';

/** Milliseconds that a server has to answer. */
const patience = 10_000;

/** The answer of the health page's address. */
export type HealthAnswer = { status: number; body: string; location: string | undefined } | { error: unknown };

/** Bytes of an answer that are read. Our own page has some fifty. */
const mostBytes = 16_384;

/** `….localhost` is this machine (RFC 6761), also if no resolver says so: MiniStack names its APIs by it. */
const lookupHere: LookupFunction = (_host, { all }, done) => {
  const here = { address: '127.0.0.1', family: 4 };
  if (all) done(null, [here]);
  else done(null, here.address, here.family);
};

/** Asks the health page at the address that readers see. It follows no redirect. */
export async function askHealth(publicUrl: string): Promise<HealthAnswer> {
  const url = new URL(`${publicUrl}/health`);
  const get = url.protocol === 'https:' ? https.get : http.get;
  const lookup = url.hostname.endsWith('.localhost') ? { lookup: lookupHere } : {};
  try {
    const request = get(url, { ...lookup, agent: false, signal: AbortSignal.timeout(patience) });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of answer) {
      body += chunk;
      if (body.length > mostBytes) break;
    }
    return { status: answer.statusCode ?? 0, body, location: answer.headers.location };
  } catch (error) {
    return { error };
  }
}

/** Whether the address in every mail leads to this deployment. @param name of the deployment */
export function judgeHealth(publicUrl: string, name: string, answer: HealthAnswer): Finding {
  const todo =
    'Every link in mails leads there. Let its DNS record lead to the API of this stage (output ApiUrl), or set the ' +
    "stage's publicUrl to the address that does, and deploy.";
  if ('error' in answer) return failed(`${publicUrl} does not answer: ${reasonOf(answer.error)}`, todo);
  if (answer.location) return failed(`${publicUrl} sends elsewhere, to ${answer.location}.`, todo);
  if (isMiniStack(answer.body)) {
    return unknown('MiniStack keeps the path /health for itself, so that what is behind it can not be seen.');
  }
  const answering = nameIn(answer.body);
  if (answer.status !== 200 || answering === undefined) {
    return failed(`What answers at ${publicUrl}/health (status ${answer.status}) is not Daily Papers.`, todo);
  }
  if (answering !== name) return failed(`At ${publicUrl}, another deployment answers: ${answering}.`, todo);
  return ok(`${publicUrl} answers with the health page of ${name}.`);
}

function jsonOf(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function nameIn(body: string): string | undefined {
  const { status, name } = jsonOf(body);
  return status === 'ok' && typeof name === 'string' ? name : undefined;
}

const isMiniStack = (body: string) => 'services' in jsonOf(body) && 'edition' in jsonOf(body);

/** A server's certificate. `error` is the reason for which a browser would refuse it. */
export interface CertificateAnswer {
  error?: string;
  /** Epoch ms. */
  validUntil?: number;
}

/** Asks the server of an https address for its certificate. @throws Error when it does not answer */
export function askCertificate(url: string, options: ConnectionOptions = {}): Promise<CertificateAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: Number(port || 443),
      servername: hostname,
      // An invalid certificate is read, too. `authorizationError` has its fault.
      rejectUnauthorized: false,
      timeout: patience,
      ...options,
    });
    const end = (then: () => void) => {
      socket.destroy();
      then();
    };
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate() as Partial<PeerCertificate>;
      const error = socket.authorized ? undefined : String(socket.authorizationError);
      const validUntil = certificate.valid_to ? Date.parse(certificate.valid_to) : undefined;
      end(() => resolve({ ...(error && { error }), ...(validUntil !== undefined && { validUntil }) }));
    });
    socket.once('timeout', () => end(() => reject(new Error(`${hostname} does not answer.`))));
    socket.once('error', error => end(() => reject(error)));
  });
}

const day = 24 * 3_600_000;
/** Days. ACM renews a certificate 60 days before its end, so with this few left the renewal has failed. */
const fewDays = 21;

/** Whether browsers trust the certificate, and for how many days. */
export function judgeCertificate(host: string, { error, validUntil }: CertificateAnswer, now: number): Finding {
  const renew =
    'In Certificate Manager, see why it was not issued or renewed: mostly a DNS record for validation that is gone.';
  if (validUntil !== undefined && validUntil <= now) {
    return failed(`The certificate of ${host} has expired on ${dateText(validUntil)}.`, renew);
  }
  if (error)
    return failed(
      `Browsers refuse the certificate of ${host}: ${error}.`,
      `Serve ${host} with a certificate for that name.`,
    );
  if (validUntil === undefined) return unknown(`${host} shows no certificate.`);
  const left = Math.floor((validUntil - now) / day);
  const says = `The certificate of ${host} is valid until ${dateText(validUntil)}, ${left} days more.`;
  return left < fewDays ? warning(says, renew) : ok(says);
}

const dateText = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Whether browsers trust the certificate of an address. */
export async function findCertificate(publicUrl: string, now: number): Promise<Finding> {
  const { protocol, host } = new URL(publicUrl);
  if (protocol !== 'https:') return unknown(`There is no certificate to look at: ${publicUrl} is not https.`);
  return judgeCertificate(host, await askCertificate(publicUrl), now);
}
