import { expect, test } from 'vitest';
import { mayLinkTo, mayShowPicture, withAllowedLinks } from '../../shared/email/links.ts';
import { knownPaper, samplePaper } from './sample.ts';

const rules = { publicUrl: 'https://papers.test', linkHosts: ['papers.example.net'] };

test.each([
  'https://arxiv.org/abs/2611.00001',
  'https://export.arxiv.org/pdf/2611.00001',
  'https://github.com/example/code',
  'https://huggingface.co/papers/2611.00001',
  'https://an-organization.github.io/recovery/',
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

test('of what is known besides, a paper keeps the links and pictures that a mail may hold', () => {
  expect(withAllowedLinks(knownPaper(1), rules)).toEqual({ paper: knownPaper(1), lost: [] });
  const evil = 'https://evil.example/x.png';
  const { discussionUrl: _, projectUrl: __, thumbnailUrl: ___, ...kept } = knownPaper(1);
  const poisoned = knownPaper(1, { discussionUrl: evil, projectUrl: evil, thumbnailUrl: evil });
  expect(withAllowedLinks(poisoned, rules)).toEqual({ paper: kept, lost: ['discussionUrl'] });
});

test('a picture comes by https from Hugging Face alone', () => {
  expect(mayShowPicture('https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2611.00001.png')).toBe(true);
  for (const address of [
    'http://huggingface.co/a.png',
    'https://github.com/a.png',
    'https://huggingface.co.evil.example/a.png',
    'https://evil.example/huggingface.co/a.png',
    'https://user@huggingface.co/a.png',
    'https://papers.test/a.png',
    'data:image/png;base64,AAAA',
    `https://huggingface.co/${'x'.repeat(120)}`,
    '',
  ]) {
    expect(mayShowPicture(address)).toBe(false);
  }
});

test('a paper with nothing to lose stays as it is', () => {
  expect(withAllowedLinks(samplePaper(1), rules)).toEqual({ paper: samplePaper(1), lost: [] });
});
