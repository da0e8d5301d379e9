import { expect, test } from 'vitest';
import { whyUnmatchable } from '../../shared/digests/unmatchable.ts';

test.each(['history', 'cs.RO', 'CS.ro', 'cs', 'cs.*', 'quant-ph', 'cond-mat.dis-nn', 'math', '漢字', 'C++'])(
  'the topic "%s" can match',
  topic => {
    expect(whyUnmatchable(topic)).toBeUndefined();
  },
);

test.each([
  ['cs.ZZ', 'arXiv has no such category'],
  ['hep-th.AB', 'arXiv has no such category'],
  ['!!!', 'there is no word in it'],
])('the topic "%s" can match no paper: %s', (topic, why) => {
  expect(whyUnmatchable(topic)).toBe(why);
});
