import fc from 'fast-check';

type Mutation = { at: number; length: number; kind: 'cut' | 'insert' | 'replace' | 'repeat' | 'end'; token: number };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(1_000_000),
  length: fc.oneof(fc.nat(3), fc.nat(300)),
  kind: fc.constantFrom('cut', 'insert', 'replace', 'repeat', 'end'),
  token: fc.nat(1_000_000),
});

/** Good inputs, damaged in up to eight places by parts that mean something to their parser; some are but noise. */
export function damaged(seeds: string[], tokens: string[]): fc.Arbitrary<string> {
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(mutation, { minLength: 1, maxLength: 8 }))
    .map(([seed, mutations]) => mutations.reduce((text, one) => mutate(text, one, tokens), seed));
  const noise = fc.array(fc.constantFrom(...tokens), { maxLength: 20 }).map(parts => parts.join(''));
  return fc.oneof({ weight: 9, arbitrary: mutated }, { weight: 1, arbitrary: noise });
}

function mutate(text: string, { at, length, kind, token }: Mutation, tokens: string[]): string {
  const start = text.length === 0 ? 0 : at % text.length;
  const [before, part, after] = [text.slice(0, start), text.slice(start, start + length), text.slice(start + length)];
  const word = tokens[token % tokens.length] ?? '';
  switch (kind) {
    case 'cut':
      return before + after;
    case 'insert':
      return before + word + part + after;
    case 'replace':
      return before + word + after;
    case 'repeat':
      return before + part.repeat(1 + (token % 20)) + after;
    case 'end':
      return token % 4 === 0 ? before : text;
  }
}
