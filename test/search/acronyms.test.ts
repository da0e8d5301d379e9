import { expect, test } from 'vitest';
import { acronymsIn, countAcronyms } from '../../shared/search/acronyms.ts';
import { examplePaper } from '../papers/example-paper.ts';

test.each([
  ['We use retrieval-augmented generation (RAG) here.', [['rag', 'retrieval augmented generation']]],
  ['Large language models (LLMs) are large.', [['llm', 'large language models']]],
  ['Some Vision-Language-Action (VLA) models', [['vla', 'vision language action']]],
  ['with Markov chain Monte Carlo (MCMC).', [['mcmc', 'markov chain monte carlo']]],
  ['a mixture of experts (MoE) layer', [['moe', 'mixture of experts']]],
  ['sparse autoencoders (SAEs), and more', [['sae', 'sparse autoencoders']]],
  [
    'automatic speech recognition (ASR) and text-to-speech (TTS)',
    [
      ['asr', 'automatic speech recognition'],
      ['tts', 'text to speech'],
    ],
  ],
  ['the Schrödinger bridge problem (SBP)', [['sbp', 'schrodinger bridge problem']]],
])('%s', (text, pairs) => {
  expect(acronymsIn(text)).toEqual(pairs);
});

test.each(['It was shown (Smith) before.', 'a score (BLEU) of two', 'see (A) and (B)', '(RAG) first', 'nothing here'])(
  'no acronym: %s',
  text => {
    expect(acronymsIn(text)).toEqual([]);
  },
);

test('a long text of brackets takes no time', () => {
  const started = performance.now();
  acronymsIn('retrieval augmented (RAG) '.repeat(800));
  acronymsIn('('.repeat(20_000));
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('the papers that define an acronym are counted, by wording, the most common first', () => {
  const abstracts = [
    'Vision-language models (VLMs).',
    'A vision-language model (VLM), a VLM.',
    'Vision-language models (VLMs) and a mixture of experts (MoE).',
    'None.',
  ];
  expect(countAcronyms(abstracts.map(abstract => examplePaper({ abstract })))).toEqual([
    ['vlm', 'vision language models', 2],
    ['moe', 'mixture of experts', 1],
    ['vlm', 'vision language model', 1],
  ]);
});
