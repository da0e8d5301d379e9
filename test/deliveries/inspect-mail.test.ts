import { expect, test } from 'vitest';
import { createMailInspector } from '../../shared/deliveries/inspect-mail.ts';
import type { DigestPaper } from '../../shared/digests/digest.ts';
import { withAllowedLinks } from '../../shared/email/links.ts';
import { sampleDigest, samplePaper } from '../email/sample.ts';
import { identity, silentLogger } from '../support/deliveries.ts';

const papers = (count: number) => Array.from({ length: count }, (_, place) => samplePaper(place + 1));
const inspect = (digest = sampleDigest(papers(50)), changes: Partial<typeof identity> = {}) =>
  createMailInspector({ ...identity, ...changes }, silentLogger)(digest, 1_795_500_000_000);

test('the largest mail is looked at: a reader may want all papers', async () => {
  const [usual, largest] = [await inspect(sampleDigest(papers(20))), await inspect()];
  expect(largest.faults).toEqual([]);
  expect(largest.size.html).toBeGreaterThan(2 * usual.size.html);
  expect(largest.size.html).toBeLessThan(80_000);
});

test('a fault of every link is told once', async () => {
  // Not in its normal form, so no link with it is.
  const { faults } = await inspect(undefined, { publicUrl: 'https://papers.example.org:443' });
  expect(faults).toEqual(
    ['HTML', 'text'].map(part => `the ${part} part has a link off the list, at papers.example.org`),
  );
});

test('a mail that can’t be composed at all is a fault, too', async () => {
  expect(await inspect(undefined, { senderAddress: 'daily@pâpers.example' })).toEqual({
    faults: ['it could not be composed'],
    size: { html: 0, text: 0 },
  });
});

test('a digest that isn’t frozen is looked at anew each time', async () => {
  const look = createMailInspector(identity, silentLogger);
  const sizes = [];
  for (const note of [undefined, 'A note.']) {
    sizes.push((await look(sampleDigest(papers(3), note ? { note } : {}), 1_795_500_000_000)).size.text);
  }
  expect(Number(sizes[1]) - Number(sizes[0])).toBe('From the editor: A note.\n\n'.length);
});

test('a paper that no mail may hold is told apart from the others, with the reason', async () => {
  const [first, unfit, last] = papers(3) as [DigestPaper, DigestPaper, DigestPaper];
  const report = await inspect(sampleDigest([first, { ...unfit, upvotes: Number.NaN }, last]));
  expect(report).toMatchObject({
    faults: [],
    unfit: [{ id: unfit.id, fault: expect.stringContaining('has left-over text of a template: "NaN"') }],
  });
});

test.each(['undefined', 'null/null', 'NaN', '{name}', '[object Object]', 'a\u0007', 'paperPlaceholder'])(
  'a link that holds %j costs the link, not its paper',
  async text => {
    const [first, odd, last] = papers(3) as [DigestPaper, DigestPaper, DigestPaper];
    const address = `https://github.com/${text}`;
    for (const link of ['url', 'pdfUrl', 'codeUrl'] as const) {
      const report = await inspect(sampleDigest([first, { ...odd, [link]: address }, last]));
      expect(report).toMatchObject({ faults: [] });
      expect(report.unfit).toBeUndefined();
      const { paper, lost } = withAllowedLinks({ ...odd, [link]: address }, identity);
      expect(lost).toEqual([link]);
      expect(JSON.stringify(paper)).not.toContain(text);
    }
  },
);

test('a paper is fit whatever its page is called', async () => {
  for (const id of ['page:the-null-hypothesis', 'page:undefined', 'page:nan-and-nan']) {
    const [first, odd] = papers(2) as [DigestPaper, DigestPaper];
    const page = `${identity.publicUrl}/papers/${id}`;
    const report = await inspect(sampleDigest([first, { ...odd, id, url: page }]));
    expect([id, report.faults, report.unfit]).toEqual([id, [], undefined]);
  }
});
