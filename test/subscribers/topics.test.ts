import { describe, expect, test } from 'vitest';
import { preferencesSchema } from '../../shared/subscribers/preferences.ts';

describe('a topic', () => {
  test.each([
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['👩\u200d🔬 science', '👩\u200d🔬 science'],
    [
      '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
      '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
    ],
    ['\u200fעברית\u200e', 'עברית'],
    ['trans\u00adformers\ufeff', 'transformers'],
    ['\tlong\u00a0 context\n', 'long context'],
  ])('%j is taken as %j', (typed, taken) => {
    expect(preferencesSchema.parse({ topics: [typed] }).topics).toEqual([taken]);
  });

  test.each(['a\u202eb', 'a\u0000b', 'a\u0007b', 'a\ud800b', 'a\uffffb'])('%j is none', typed => {
    expect(preferencesSchema.safeParse({ topics: [typed] }).success).toBe(false);
  });
});
