import { expect, test } from 'vitest';
import { mayLinkTo, withAllowedLinks } from '../../shared/email/links.ts';
import { samplePaper } from './sample.ts';

const rules = { publicUrl: 'https://papers.test', linkHosts: ['papers.example.net'] };

test.each([
  'https://arxiv.org/abs/2611.00001',
  'https://export.arxiv.org/pdf/2611.00001',
  'https://github.com/example/code',
  'https://huggingface.co/papers/2611.00001',
  'https://papers.example.net/1',
  'https://papers.test/papers/2611.00001',
])('%s may stand in a mail', address => {
  expect(mayLinkTo(address, rules)).toBe(true);
});

test.each([
  'https://evil.example/',
  'http://arxiv.org/abs/2611.00001',
  'https://arxiv.org.evil.example/abs/1',
  'https://notarxiv.org/abs/1',
  'https://arxiv.org@evil.example/',
  'https://user@arxiv.org/abs/1',
  'https://arxiv.org:8443/abs/1',
  'https://arxiv.org\\@evil.example/',
  'https://ARXIV.org/abs/1',
  'https://papers.test@evil.example/',
  'https://user@papers.test/',
  'http://papers.test/',
  `https://github.com/${'x'.repeat(120)}`,
  'javascript:alert(1)',
  'no address',
  '',
])('%s may not', address => {
  expect(mayLinkTo(address, rules)).toBe(false);
});

test('a paper loses the links that a mail may not hold, and leads to our own page instead of one elsewhere', () => {
  const evil = 'https://evil.example/x';
  const poisoned = samplePaper(1, { url: evil, codeUrl: evil });
  const { paper, lost } = withAllowedLinks(poisoned, rules);
  expect(lost).toEqual(['url', 'codeUrl']);
  const { codeUrl: _, ...others } = poisoned;
  expect(paper).toEqual({ ...others, url: 'https://papers.test/papers/2611.00001' });
});

test('a paper with nothing to lose stays as it is', () => {
  expect(withAllowedLinks(samplePaper(1), rules)).toEqual({ paper: samplePaper(1), lost: [] });
});
