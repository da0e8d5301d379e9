import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readableText } from '../../shared/papers/text.ts';

const realPage = new URL('../../../shared/papers/daily-papers-page.txt', import.meta.url);

/** Text in which every rule has something to do. */
const texish = fc
  .array(
    fc.oneof(
      fc.constantFrom('\\', '{', '}', '$', '$$', '^', '_', '~', '<', '&lt;', '&amp;', '&#x2014;', 'x2014', '``', "''"),
      fc.constantFrom('\\(', '\\)', "\\'", '\\"', '\\^', '\\hat', '\\frac', '\\sqrt', '\\em ', '\\left', '\\mathbb'),
      fc.constantFrom('\\constructor', '\\mathbb{constructor}', '\\href', '{it ', 'alpha^2', 'ell_1', '2times', 'sim5'),
      fc.constantFrom(
        'https://a.example/b_c~d',
        ' ',
        '\n',
        '.',
        '-',
        '--',
        'R^{n times n}',
        '\ue000',
        '\ue105',
        '\ud800',
      ),
      fc.string({ maxLength: 6, unit: 'binary' }),
    ),
    { maxLength: 60 },
  )
  .map(parts => parts.join(''));

function tagsIn(text: string): number {
  return text.match(/<[A-Za-z/!?]/g)?.length ?? 0;
}

describe('readable text', () => {
  test.each([
    // TeX as it should be
    ['$\\ell_1$-loss at $\\varepsilon^{-2}$', 'ℓ₁-loss at ε⁻²'],
    ['{\\em finite sample} and \\textbf{bold {\\it words}}', 'finite sample and bold words'],
    ['merely 0.07\\% of R\\&D', 'merely 0.07% of R&D'],
    ['Andr\\\'e, G\\"odel, na\\"{\\i}ve, Erd\\H{o}s, S\\o ren, \\v{C}ech', 'André, Gödel, naïve, Erdős, Søren, Čech'],
    ['$f\\colon\\mathbb R^n\\to\\mathbb{R}$ in $O(n\\log n)$', 'f:ℝⁿ→ℝ in O(n log n)'],
    ['$\\frac{a+b}{2} \\le \\sqrt{n}$ and \\(x\\)', '(a+b)/2 ≤ √n and x'],
    // Fractions without braces, of every name, and those that lost their backslash.
    ['$\\frac12$, $\\frac1n$, $\\dfrac{1}2$, $\\frac\\alpha\\beta$', '1/2, 1/n, 1/2, α/β'],
    ['$\\cfrac12$ and \\nicefrac{3}{4} and \\sfrac{a+b}2', '1/2 and 3/4 and (a+b)/2'],
    ['a rate of frac12 and dfrac{1}{3}, no fractions', 'a rate of 1/2 and 1/3, no fractions'],
    ['$\\dbinom nk$ and \\tbinom{n}{k}', '(n choose k) and (n choose k)'],
    // Links whose beginning or end is lost.
    ['\\href{https://a.example/b_c}{our page}.', 'our page.'],
    ['code at \\href{https://a.example/b_c}.', 'code at https://a.example/b_c.'],
    ['code at \\href https://a.example/b_c here', 'code at https://a.example/b_c here'],
    ['See href{https://a.example/b_c}{our page} now', 'See our page now'],
    ['See {https://a.example/b_c}{our page} now', 'See our page now'],
    ['See https://a.example/b_c}{our page} now', 'See our page now'],
    ['see url{https://a.example/b_c}', 'see https://a.example/b_c'],
    ['\\textcolor{red} alone', 'alone'],
    // Numbers with units.
    ['within \\SI{5}{\\kilo\\meter} of $\\SI{300}{K}$', 'within 5 km of 300 K'],
    ['\\SI{1.5e3}{\\meter\\per\\second\\squared}', '1.5×10³ m/s²'],
    ['\\qty{3}{\\mega\\electronvolt\\per\\square\\centi\\meter}', '3 MeV/cm²'],
    [
      '\\SI[per-mode=symbol]{20}{\\percent} at \\SI{-4}{\\degreeCelsius}, \\ang{45} and \\ang{1;2;3}',
      '20% at -4 °C, 45° and 1°2′3″',
    ],
    ['\\si{\\micro\\meter}, \\unit{\\newton\\meter}, \\SI{5}{\\mu m}, \\SI{5}{\\um}', 'μm, N·m, 5 μm, 5 μm'],
    ['\\num{1e5} to \\num{12345}; \\num{2 +- 1}', '1×10⁵ to 12345; 2 ± 1'],
    ['\\SIrange{1}{5}{\\nano\\second}, \\numrange{1}{5}, \\SIlist{1;2;3}{\\meter}', '1–5 ns, 1–5, 1, 2, 3 m'],
    ['the \\SI system', 'the SI system'],
    ['up to $1.13\\times$ faster, 90$^\\circ$', 'up to 1.13× faster, 90°'],
    ['it costs $5 and $10, or $5-$10', 'it costs $5 and $10, or $5-$10'],
    ['$\\sim$10 of $<$5, $x$2', '~10 of <5, x2'],
    [
      'CO\\textsubscript{2}, 10\\textsuperscript{-3}, \\textcolor{red}{warm} (\\color{blue}cold)',
      'CO₂, 10⁻³, warm (cold)',
    ],
    ['\\begin{itemize}\\item one \\item two\\end{itemize}', 'one two'],
    ["Demb\\'el\\'e, Demb{\\'e}l{\\'e}, Dembélé", 'Dembélé, Dembélé, Dembélé'],
    ['\\model models by \\name{Somebody}', 'model models by Somebody'],
    ['it\\\'s \\"quoted\\", don\\\'t', 'it\'s "quoted", don\'t'],
    ['Figure~3 takes ~5% of 3~4 hours', 'Figure 3 takes ~5% of 3~4 hours'],
    ["``quoted'' and `so', 5--6 -- no --flag", '“quoted” and ‘so’, 5–6 – no --flag'],
    // TeX that lost its backslashes
    ['with ell_1-loss', 'with ℓ₁-loss'],
    ['{it misaligned}', 'misaligned'],
    ['2times fewer, sim0.6 points, {approx}5{times}', '2× fewer, ~0.6 points, ≈5×'],
    ['M^* in R^{n times k}, F in R^{n_1 times k}', 'M* ∈ ℝⁿˣᵏ, F ∈ ℝ^(n₁ × k)'],
    ['r ll min{n_1,n_2} and XX^top', 'r ≪ min{n₁,n₂} and XXᵀ'],
    ['mathcal{O}(mathcal{C_Phi/m}) for classes Phi', 'O(C_Φ/m) for classes Φ'],
    ['exp(-Omega(alpha^2 T)) where alpha is small', 'exp(-Ω(α² T)) where α is small'],
    ['epsilon-approximate; MP_{+}, MHC^3, L_2', 'ε-approximate; MP₊, MHC³, L₂'],
    [
      'a redshift of z~2, N~10, (~5%, =~3), but Section~2 and in~2024',
      'a redshift of z~2, N~10, (~5%, =~3), but Section 2 and in 2024',
    ],
    ['for $ \\alpha $-stable $ x $ and $ n_1 $, $ 5 and $ 6', 'for α-stable x and n₁, $ 5 and $ 6'],
    [
      '$a \\lesssim b \\gtrsim \\hbar$, $\\aleph_0$, $\\wedge\\vee\\ominus\\square\\hookrightarrow$',
      'a ≲ b ≳ ℏ, ℵ₀, ∧∨⊖□↪',
    ],
    ['$A \\not\\subset B \\not= C \\coloneqq D$, \\dag, \\P', 'A ⊄ B ≠ C ≔ D, †, ¶'],
    ['{\\cal N}=4 and {\\cal O}(1), {\\frak g}', 'N=4 and O(1), g'],
    [
      '\\"hallucination\\" and \\"agents\\", \\\'so\\\', but na\\"ive \\"Uber',
      '"hallucination" and "agents", \'so\', but naïve Über',
    ],
    ['$M_\\odot$, $I_{\\infty}$, $\\pi_{0.5}$, $x^{0.5}$', 'M_⊙, I_∞, π_0.5, x^0.5'],
    ['\\includegraphics[width=1em]{logo.png}We \\raisebox{-2pt}{lift} \\scalebox{0.9}{it}\\vspace*{1em}', 'We lift it'],
    ['two tasks\\footnote{Code is coming.} at once', 'two tasks (Code is coming.) at once'],
    ['5\\textgreater{}4, a\\textless b\\textbar c, \\textbackslash{}n', '5>4, a< b| c, \\n'],
    [
      '$\\sqrt[3]{x}$, $\\operatorname*{argmax}_x$, $\\binom{n}{k}$, $\\overset{!}{=}$',
      '³√x, argmaxₓ, (n choose k), =',
    ],
    ['4{,}851 firings, n{=}4', '4,851 firings, n=4'],
    // Code, regular expressions and paths
    ['match \\d+ or \\w{2,5}, then \\s* and [^\\s] but \\d{o}', 'match \\d+ or \\w{2,5}, then \\s* and [^\\s] but ọ'],
    ['split at \\n and \\t', 'split at \\n and \\t'],
    [
      'in C:\\Users\\name\\data and src\\main\\app.py, `re.sub("\\\\s", x)`',
      'in C:\\Users\\name\\data and src\\main\\app.py, `re.sub("\\\\s", x)`',
    ],
    ['$f:\\mathbb{R}\\to R$ and G:\\mathcal{X}', 'f:ℝ→ R and G:X'],
    // TeX that lost its backslashes, within words and before brackets
    ['O\big(n\big), widetilde O(n)'.replaceAll('\b', 'b'), 'O(n), Õ(n)'],
    [
      'a big (and bigger) sim2real gap, 15q2gg, all2all, sim10K',
      'a big (and bigger) sim2real gap, 15q2gg, all2all, ~10K',
    ],
    ['Role-Agent, black{a framework} and red{this}', 'Role-Agent, a framework and this'],
    // Text that was read in another encoding
    [
      '\u00cf\u0089-Test, \u00ce\u00b8 \u00e2\u0080\u0093 \u00c3\u00a9t\u00c3\u00a9, \u00c2\u00b0, Élan Ã',
      'ω-Test, θ – été, °, Élan Ã',
    ],
    // HTML
    [
      'CO<sub>2</sub>, 10<sup>-3</sup>, <i>E. coli</i> and <b><em>bold</em></b>, <i> and <swi>',
      'CO₂, 10⁻³, E. coli and bold, <i> and <swi>',
    ],
    ['x&lt;sup&gt;2&lt;/sup&gt; of <<i>b>c</i>', 'x² of <<i>b>c</i>'],
    ['&alpha; &ograve; &scaron; &hairsp;&Hacek; &rightarrow; &hellip; &copy; &notit;', 'α ò š ˇ → … © &notit;'],
    // entities, whole and damaged
    ['V&amp;V &lt; 5 &eacute; &#x3b1;&#945; &amp;gt; A&A; &nosuch;', 'V&V < 5 é αα > A&A; &nosuch;'],
    ['this x2014 that, wordx2014word, x201cso it isx201d', 'this — that, word—word, “so it is”'],
    // what must stay as it is
    ['snake_case, TRACE_exp, file_1, {Qwen3-4B, 8B}, <swi>', 'snake_case, TRACE_exp, file_1, {Qwen3-4B, 8B}, <swi>'],
    ['the alpha version, 3 times a day, to the top in time', 'the alpha version, 3 times a day, to the top in time'],
    ['Linux2014 at 1920x2014, we’ll', 'Linux2014 at 1920x2014, we’ll'],
    ['see https://a.example/x_1~y?a=b--c.', 'see https://a.example/x_1~y?a=b--c.'],
    ['0', '0'],
    ['', ''],
    // what must not get through
    ['line\r\nbreak\tand\u0000control \u202eturned', 'line break and control turned'],
    ['&lt;script&gt; <\\textbf{b}> r&lt;k &lt;https://a.example', '< script> < b> r< k < https://a.example'],
  ])('%j reads %j', (raw, readable) => {
    expect(readableText(raw)).toBe(readable);
  });

  test('of any input is one bounded line without new tags, half characters or private-use characters', () => {
    fc.assert(
      fc.property(fc.oneof(texish, fc.string({ unit: 'binary', maxLength: 200 })), raw => {
        const text = readableText(raw);
        expect(text.length).toBeLessThanOrEqual(3 * raw.length + 10);
        expect(tagsIn(text)).toBeLessThanOrEqual(tagsIn(raw));
        expect(text).not.toMatch(/[\p{Cc}\p{Surrogate}\ue000-\uf8ff]|^\s|\s\s|\s$/u);
      }),
      { numRuns: 1000 },
    );
  });

  test('of plain English is the English itself, and stays itself when read again', () => {
    const word = fc.constantFrom(
      'a',
      'model',
      'in',
      'times',
      'top',
      'beta',
      'to',
      'GPT-4',
      '(2024)',
      '5%',
      'vs.',
      'O(n)',
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), words => {
        expect(readableText(words.join(' '))).toBe(words.join(' '));
      }),
    );
  });

  test('takes time in proportion to the length of hostile input', () => {
    const hostile = [
      '{',
      '}',
      '\\',
      '$',
      '$a',
      '^',
      '_{',
      '\\hat',
      '\\(',
      '&',
      '<a',
      '\\frac{',
      "`a'",
      '--',
      'x_',
      '^{a ',
    ];
    const secondsFor = (raw: string) => {
      const start = performance.now();
      readableText(raw);
      return (performance.now() - start) / 1000;
    };
    for (const part of hostile) expect(secondsFor(part.repeat(100_000 / part.length))).toBeLessThan(1);
  });

  if (existsSync(realPage)) {
    test('of the real page has no TeX left', () => {
      const lines = readFileSync(realPage, 'utf8').split('\n').map(readableText);
      for (const line of lines) {
        const text = line.replace(/\S*\.(?:com|io)\/\S*/g, '');
        expect(text).not.toMatch(/[\\$~`^](?!\()(?!0)|\w_\d|\dtimes|\bell\b|mathcal|\{(?:it|em)|<(?!projektor)/);
      }
      expect(lines.join('\n')).toContain('low-rank matrix recovery with ℓ₁-loss, where');
    });
  }
});
