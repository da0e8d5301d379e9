import { SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { SignatureV4 } from '@smithy/signature-v4';

/** A request before it is signed. */
export interface SignableRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  /** Empty for none. */
  body: string;
}

/** @returns the headers to send, with the signature among them */
export type Sign = (request: SignableRequest, now: Date) => Promise<Record<string, string>>;

/**
 * Signs requests for the admin routes of API Gateway (AWS Signature Version 4).
 * @param identity by default the credentials and the region of the environment, as every SDK client finds them
 */
export function createSigner(identity: Pick<SSMClientConfig, 'region' | 'credentials'> = {}): Sign {
  // Only the resolved settings are used, which every SDK client has.
  const { region, credentials, sha256 } = new SSMClient(identity).config;
  return async ({ method, url, headers, body }, now) => {
    const signer = new SignatureV4({
      service: 'execute-api',
      region: regionIn(url.hostname) ?? region,
      credentials,
      sha256,
    });
    const { hostname, pathname: path, protocol, port } = url;
    const request = {
      ...{ method, protocol, hostname, path, body },
      ...(port && { port: Number(port) }),
      query: Object.fromEntries(url.searchParams),
      headers: { ...headers, host: url.host },
    };
    return (await signer.sign(request, { signingDate: now })).headers;
  };
}

/** The region in API Gateway's own host names, `<api id>.execute-api.<region>.amazonaws.com`. */
function regionIn(hostname: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(hostname)?.[1];
}
