import { randomUUID } from 'node:crypto';
import { SESClient } from '@aws-sdk/client-ses';
import PostalMime, { type Email } from 'postal-mime';
import { startSes } from '../../local/ses/ses.ts';
import { newestTitles } from '../../shared/digests/newest-titles.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import { type EnrollServices, enroll } from '../../shared/sign-up/enroll.ts';
import { subscriberIdOf } from '../../shared/subscribers/keys.ts';
import { signToken } from '../../shared/subscribers/tokens.ts';
import { clientOptions } from './clients.ts';
import { silentLogger } from './deliveries.ts';
import { startPublicApi } from './public-api.ts';

/** The public API with what works behind its queue, and a fresh SES. */
export async function startSignUpWorld(...settings: Parameters<typeof startPublicApi>) {
  const api = await startPublicApi(...settings);
  const ses = await startSes();
  const client = new SESClient({ ...clientOptions, endpoint: ses.endpoint, maxAttempts: 1 });
  const pauses: number[] = [];
  const services: EnrollServices = {
    keys: api.keys,
    subscribers: api.subscribers,
    readTitles: kind => newestTitles(api.digests, api.clock.now, kind),
    recordConsent: api.consents.append,
    publishEvents: api.publishEvents,
    sendMail: createMailSender(client, 'answers', { data: 'data' }),
    identity: {
      publicUrl: 'https://papers.example.org',
      senderAddress: 'daily@papers.example.org',
      senderName: 'Daily Papers',
      replyTo: 'answers@papers.example.org',
      postalAddress: '',
    },
    logger: silentLogger,
    now: () => api.clock.now,
    sleep: async milliseconds => {
      pauses.push(milliseconds);
    },
  };
  const idOf = (address: string) => subscriberIdOf(api.keys, address);
  let read = 0;
  return {
    ...api,
    ses,
    services,
    /** How long was waited for SES, milliseconds. */
    pauses,
    /** Works through the queue, and gives the mails that came of it. */
    async mails(): Promise<(Email & { recipient: string; link: string })[]> {
      for (const request of await api.queuedRequests()) await enroll(services, request, randomUUID());
      const fresh = ses.messages.slice(read);
      read = ses.messages.length;
      return Promise.all(
        fresh.map(async message => {
          const mail = await PostalMime.parse(message.raw);
          const link = /https:\/\/papers\.example\.org(\/\S+)/.exec(mail.text ?? '')?.[1] ?? '';
          return { ...mail, recipient: message.to.join(), link };
        }),
      );
    },
    idOf,
    /** The subscriber of an address. */
    stored: (address: string) => api.subscribers.get(idOf(address)),
    manageTokenOf: (address: string) =>
      signToken(api.keys, { purpose: 'manage', subscriberId: idOf(address), nonce: '0' }, api.clock.now),
    /** Posts a form as a browser would. */
    form: (path: string, fields: Record<string, string> = {}) =>
      api.app.request(path, { method: 'POST', body: new URLSearchParams(fields) }),
    async stop(): Promise<void> {
      client.destroy();
      await Promise.all([ses.stop(), api.stop()]);
    },
  };
}
