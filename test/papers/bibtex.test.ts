import { expect, test } from 'vitest';
import { bibtexOf } from '../../shared/papers/bibtex.ts';
import { examplePaper } from './example-paper.ts';

const own = 'https://papers.test/papers/x';

test('a paper of arXiv has its id, category, year and a key that programs accept', () => {
  const paper = examplePaper({
    id: '2403.08540',
    title: 'The Émile Method: 50% of $\\alpha$ & more',
    authors: ['José García', 'Smith, Ann', 'Ram and Son'],
    publishedAt: '2024-03-13T00:00:00Z',
    categories: ['cs.CL', 'cs.LG'],
    url: 'https://arxiv.org/abs/2403.08540',
    doi: '10.1000/a_b',
  });
  expect(bibtexOf(paper, own)).toBe(`@misc{garcia2024emile,
  title = {{The Émile Method: 50\\% of α \\& more}},
  author = {José García and {Smith, Ann} and {Ram and Son}},
  year = {2024},
  eprint = {2403.08540},
  archivePrefix = {arXiv},
  primaryClass = {cs.CL},
  doi = {10.1000/a_b},
  url = {https://arxiv.org/abs/2403.08540}
}
`);
});

test('a paper without authors, date or address is cited by its day and our page', () => {
  const bibtex = bibtexOf(examplePaper({ id: 'page:own', title: '漢字', authors: [], day: '2026-11-23' }), own);
  expect(bibtex).toContain('@misc{2026,');
  expect(bibtex).not.toContain('author');
  expect(bibtex).toContain(`url = {${own}}`);
});

test.each(['a } b', '{{{', 'x \\', '\\}', '@misc{x, title = {y}}', 'a ~ b ^ c _ d # e $ f', 'line\nbreak'])(
  'the braces of an entry are balanced, whatever stands in its texts: %j',
  text => {
    const fields = { title: text, authors: [text], doi: text, journalRef: text, categories: [text] };
    const bibtex = bibtexOf(examplePaper(fields), `https://papers.test/${text}`);
    let depth = 0;
    for (const [index, character] of [...bibtex].entries()) {
      if (character === '{') depth += 1;
      if (character === '}') depth -= 1;
      expect(depth > 0 || index < '@misc'.length || index >= bibtex.length - 2).toBe(true);
    }
    expect(depth).toBe(0);
  },
);
