import { describe, expect, test } from 'vitest';
import { readSettings } from '../../shared/platform/environment.ts';
import { settingOptions, settings, variablesOf } from '../../shared/platform/settings.ts';

type Name = keyof typeof settings;
const names = Object.keys(settings) as Name[];

/** Values that a stage may give, as text from the command line, beside what the function then reads. */
const given: Record<Name, [text: string, read: unknown]> = {
  SENDER_ADDRESS: ['daily@papers.example.org', 'daily@papers.example.org'],
  SENDER_NAME: ['Papers', 'Papers'],
  POSTAL_ADDRESS: ['1 Long Road', '1 Long Road'],
  LINK_HOSTS: ['papers.example.org,example.com', ['papers.example.org', 'example.com']],
  TRACK_OPENS_AND_CLICKS: ['true', true],
  ALLOWED_ORIGINS: ['https://a.example.org, https://b.example.org', ['https://a.example.org', 'https://b.example.org']],
  RATE_SHARE: ['0.25', 0.25],
  ARXIV_CATEGORIES: ['cs.AI,math', ['cs.AI', 'math']],
  REPLY_TO: ['hello@example.org', 'hello@example.org'],
  UNSUBSCRIBE_ADDRESS: ['leave@example.org', 'leave@example.org'],
  PAGE_URL: ['https://page.example.org/today', 'https://page.example.org/today'],
  ARXIV_URL: ['https://arxiv.example.org', 'https://arxiv.example.org'],
  ARXIV_FEED_URL: ['https://feeds.example.org', 'https://feeds.example.org'],
  HUGGING_FACE_URL: ['https://papers.example.org', 'https://papers.example.org'],
  CONFIRMATION_SHARE: ['0.3', 0.3],
  EVIDENCE_SECONDS: ['60', 60],
  RESEND_UNKNOWN: ['false', false],
  HALT_LEAST_SENT: ['7', 7],
  HALT_BOUNCE_RATE: ['0.5', 0.5],
  HALT_COMPLAINT_RATE: ['1e-4', 0.0001],
  HALT_LEAST_BOUNCES: ['8', 8],
  HALT_LEAST_COMPLAINTS: ['9', 9],
  HALT_LEAST_DOMAINS: ['2', 2],
  EMPTY_DAYS: ['note', 'note'],
  DISPOSABLE_DOMAINS: ['refuse', 'refuse'],
  REQUESTS_PER_ADDRESS_HOUR: ['11', 11],
  REQUESTS_PER_MAILBOX_DAY: ['12', 12],
  REQUESTS_PER_DOMAIN_DAY: ['13', 13],
  REQUESTS_PER_NETWORK_HOUR: ['14', 14],
  REQUESTS_PER_HOUR: ['15', 15],
  VOTES_PER_SUBSCRIBER_HOUR: ['16', 16],
  SUBMISSIONS_PER_SUBSCRIBER_DAY: ['17', 17],
  KEPT_AFTER_LEAVING_DAYS: ['365', 365],
};

describe('a setting', () => {
  test.each(names)('%s that a stage gives is read by its functions as it was meant', name => {
    const [text, read] = given[name];
    const { option, schema } = settings[name];
    const variables = variablesOf({ [option]: schema.parse(text) });
    expect(Object.keys(variables)).toEqual([name]);
    expect(readSettings([name], variables)).toEqual({ [name]: read });
  });

  test.each(names)('%s has the same name for a stage, and says what it is', name => {
    const { option } = settings[name];
    expect(option.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()).toBe(name);
    expect(settingOptions()[option].description).toBe(settings[name].about);
  });

  test.each(names)('%s of a stage that does not give it is what functions have by default', name => {
    if (name === 'SENDER_ADDRESS') return;
    const { option, schema } = settings[name];
    const handed = variablesOf({ [option]: schema.parse(undefined) });
    expect(readSettings([name], handed)).toEqual(readSettings([name], {}));
  });
});
