import { mkdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { homePage } from '../functions/public-api/papers/home-view.tsx';
import { formOf } from '../functions/public-api/subscriptions/preference-fields.tsx';
import { preferencesPage } from '../functions/public-api/subscriptions/preferences-view.tsx';
import { welcomeOf } from '../shared/deliveries/welcome.ts';
import type { Digest, DigestPaper } from '../shared/digests/digest.ts';
import { emptySubject } from '../shared/digests/subject.ts';
import { confirmationMail } from '../shared/email/confirmation-mail.tsx';
import { digestMail } from '../shared/email/digest-mail.tsx';
import { nextLine } from '../shared/email/rhythm.ts';
import { contentSecurityPolicy } from '../shared/http/app.ts';
import { preferencesSchema } from '../shared/subscribers/preferences.ts';
import { launchBrowser } from './browser.ts';

/*
 * `npm run pictures`: takes the README's pictures of the mails and the page, with an installed chromium. It fails when
 * a page scrolls sideways on a narrow phone.
 */

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const largestPicture = 200_000;
const publicUrl = 'https://papers.example.com';

function samplePaper(number: number, title: string, lead: string, more: Partial<DigestPaper>): DigestPaper {
  const id = `2611.${String(number).padStart(5, '0')}`;
  return { id, title, lead, authors: [], moreAuthors: 0, upvotes: 0, url: `https://arxiv.org/abs/${id}`, ...more };
}

const samplePapers: DigestPaper[] = [
  samplePaper(
    10412,
    'Small Teachers, Large Students: When Weak Supervision Is Enough',
    'A model of 400 million parameters labels the data on which one of 30 billion is trained. The authors show for which tasks the student overtakes its teacher, and give a test that tells so before any training.',
    {
      authors: ['First Author', 'Second Author', 'Third Author'],
      moreAuthors: 4,
      upvotes: 118,
      pdfUrl: 'https://arxiv.org/pdf/2611.10412',
      codeUrl: 'https://github.com/example/small-teachers',
    },
  ),
  samplePaper(
    9877,
    'Reading the Map Before the Walk: Planning Tokens for Long Proofs',
    'Letting a prover write down a plan of at most 64 tokens before each lemma halves the number of steps that lead nowhere on three collections of olympiad problems.',
    {
      authors: ['First Author', 'Second Author'],
      upvotes: 64,
      pdfUrl: 'https://arxiv.org/pdf/2611.09877',
    },
  ),
  samplePaper(
    11003,
    'SaltMarsh: A Benchmark of Seasonal Change in Satellite Images',
    'Twelve years of images of 900 coastal places, each labelled by people who know it. Today’s vision models take a spring tide for erosion in every third image.',
    {
      authors: ['First Author', 'Second Author', 'Third Author'],
      moreAuthors: 11,
      upvotes: 41,
      pdfUrl: 'https://arxiv.org/pdf/2611.11003',
      codeUrl: 'https://github.com/example/saltmarsh',
    },
  ),
  samplePaper(
    8120,
    'Why Gradient Noise Helps: A Short Answer for ℓ₁ Losses',
    'For robust regression the noise of small batches is shown to act like a smoothing of the loss, with a rate that depends on the share of outliers alone.',
    { authors: ['Only Author'], upvotes: 17, pdfUrl: 'https://arxiv.org/pdf/2611.08120' },
  ),
  samplePaper(
    12990,
    'Quiet Speakers: Speech Recognition at 20 Decibels',
    'Whispered commands are understood with a word error rate of 6 % after training on recordings that were made quiet by computation, with no new microphone data.',
    {
      authors: ['First Author', 'Second Author', 'Third Author'],
      moreAuthors: 2,
      upvotes: 9,
      pdfUrl: 'https://arxiv.org/pdf/2611.12990',
    },
  ),
];

const sampleDigest: Digest = {
  id: 'daily-2026-11-23',
  kind: 'daily',
  date: '2026-11-23',
  status: 'ready',
  subject: 'Small Teachers, Large Students: When Weak Supervision Is Enough and 4 more',
  papersOfDay: 52,
  papers: samplePapers,
  publishedAt: Date.parse('2026-11-24T03:00:00Z'),
  freshUntil: Date.parse('2026-11-25T06:00:00Z'),
};

const sampleEmptyDay: Digest = {
  ...sampleDigest,
  ...{ id: 'daily-2026-11-21', date: '2026-11-21', subject: emptySubject('2026-11-21') },
  ...{ papersOfDay: 0, papers: [], emptyReason: 'weekend', publishedAt: Date.parse('2026-11-22T03:00:00Z') },
  lastDaily: 'daily-2026-11-20',
};

interface Picture {
  file: string;
  html: string;
  colorScheme: 'light' | 'dark';
  width: number;
  height: number;
}

function pictures(): Picture[] {
  const sender = {
    publicUrl,
    senderName: 'Daily Papers',
    postalAddress: 'Daily Papers, 1 Sample Street, 12345 Sampleton',
  };
  const shown = samplePapers.map((paper, place) => ({ paper, ...(place === 0 && { topics: ['weak supervision'] }) }));
  const links = {
    voteTokenOf: () => 'sample',
    unsubscribeUrl: `${publicUrl}/subscriptions/unsubscribe?token=sample`,
    preferencesUrl: `${publicUrl}/preferences?token=sample`,
  };
  const rhythm = preferencesSchema.parse({ timeZone: 'Europe/Berlin' });
  const next = ({ date, publishedAt }: Digest) => nextLine({ date }, rhythm, publishedAt);
  const digest = digestMail(sampleDigest, shown, { ...sender, ...links }).html;
  const welcome = digestMail(welcomeOf(sampleDigest, sampleDigest.publishedAt), shown, {
    ...sender,
    ...links,
    nextLine: next(sampleDigest),
  }).html;
  const emptyDay = digestMail(sampleEmptyDay, [], { ...sender, ...links, nextLine: next(sampleEmptyDay) }).html;
  const confirmation = confirmationMail({
    ...sender,
    rhythm,
    newest: { date: sampleDigest.date, titles: samplePapers.slice(0, 3).map(({ title }) => title) },
    confirmUrl: `${publicUrl}/subscriptions/confirm?token=Ck1.${'sample'.repeat(3)}.${'sampleToken'.repeat(6)}`,
  }).html;
  const page = homePage({
    publicUrl,
    view: { period: { date: sampleDigest.date }, sort: 'trending', day: sampleDigest.date, today: sampleDigest.date },
    ...{ isFront: true, isFirstPage: true },
    papers: samplePapers,
    digests: [{ ...sampleDigest, paperCount: sampleDigest.papers.length }],
  });
  const preferences = preferencesPage({
    token: 'sample',
    address: 'name@example.org',
    isWhole: true,
    form: formOf(preferencesSchema.parse({ timeZone: 'Europe/Berlin', topics: ['cs.CL', 'long context'] })),
    unsubscribeUrl: '/subscriptions/unsubscribe?token=sample',
  });
  const desktop = { colorScheme: 'light', width: 800, height: 900 } as const;
  const phone = { width: 375, height: 760 };
  return [
    { ...desktop, file: 'digest-light.png', html: digest },
    { ...desktop, file: 'digest-dark.png', html: digest, colorScheme: 'dark' },
    { ...phone, file: 'digest-phone.png', html: digest, colorScheme: 'light' },
    { ...phone, file: 'welcome-phone.png', html: welcome, colorScheme: 'light' },
    { ...phone, file: 'empty-day-phone.png', html: emptyDay, colorScheme: 'light', height: 420 },
    { ...desktop, file: 'page-light.png', html: page },
    { ...phone, file: 'page-phone-dark.png', html: page, colorScheme: 'dark' },
    { ...phone, file: 'preferences-phone.png', html: preferences, colorScheme: 'light' },
    { ...desktop, file: 'confirmation.png', html: confirmation, height: 660 },
  ];
}

async function take(browser: Browser, picture: Picture): Promise<void> {
  const { width, height, colorScheme } = picture;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, deviceScaleFactor: 1.5 });
  try {
    // Requests are answered here, with the pages' own policy: nothing is fetched from outside.
    await context.route('**/*', route =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': contentSecurityPolicy },
        body: picture.html,
      }),
    );
    const page = await context.newPage();
    await page.goto(publicUrl);
    await page.screenshot({ path: folder + picture.file });
    await page.setViewportSize({ width: 320, height });
    // A string, since the browser runs it, not Node.
    const contentWidth = Number(await page.evaluate('document.documentElement.scrollWidth'));
    if (contentWidth > 320) throw new Error(`${picture.file} is ${contentWidth} px wide on a phone of 320 px.`);
  } finally {
    await context.close();
  }
  const { size } = await stat(folder + picture.file);
  if (size > largestPicture) throw new Error(`${picture.file} has ${size} bytes, more than ${largestPicture}.`);
  console.log(`docs/pictures/${picture.file} (${Math.round(size / 1000)} KB)`);
}

async function main(): Promise<void> {
  const browser = await launchBrowser();
  await mkdir(folder, { recursive: true });
  try {
    for (const picture of pictures()) await take(browser, picture);
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
