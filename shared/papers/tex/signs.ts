import { decodeHTMLStrict } from 'entities/decode';
import { symbols } from './symbols.ts';

/*
 * Signs that HTML names as TeX does. Their characters come from its table of 2,000 names; only these names are taken, as
 * others mean something else in TeX, or in English.
 */
const shared = new Set(
  `lesssim gtrsim hbar hslash aleph beth gimel daleth wedge vee ominus square Diamond hookrightarrow hookleftarrow
  longrightarrow longleftarrow longleftrightarrow Longrightarrow Longleftarrow Longleftrightarrow longmapsto rightsquigarrow
  twoheadrightarrow rightharpoonup rightharpoondown leftharpoonup rightleftharpoons leftrightharpoons nearrow searrow swarrow
  nwarrow updownarrow Updownarrow Uparrow Downarrow circlearrowright curvearrowright leftrightarrows rightrightarrows upuparrows
  Lleftarrow Rrightarrow lessgtr gtrless lessapprox gtrapprox ggg prec succ preceq succeq precsim succsim preccurlyeq curlyeqprec
  doteq triangleq vdash dashv vDash Vdash models nexists complement subsetneq supsetneq nsubseteq nsupseteq Subset Supset sqsubset
  sqsupset sqsubseteq sqsupseteq sqcup sqcap uplus biguplus bigcup bigcap bigvee bigwedge bigoplus bigotimes bigodot bigsqcup coprod
  oint iiint amalg wr diamond triangle triangleleft triangleright trianglelefteq trianglerighteq blacktriangle bigstar lozenge
  blacksquare blacklozenge clubsuit spadesuit heartsuit diamondsuit sharp flat natural Re Im wp imath jmath therefore because
  between backepsilon digamma varkappa varrho varsigma varpi eth measuredangle angle bowtie frown smile ltimes rtimes boxplus
  boxtimes boxminus circledast circledcirc dotplus divideontimes nmid nparallel ntriangleleft nleq ngeq nless ngtr ncong nsim lneq
  gneq leqq geqq lneqq eqslantless eqslantgtr lessdot gtrdot lesseqgtr gtreqless varnothing ddagger maltese yen euro lbrace rbrace
  lbrack rbrack vert mho upharpoonright multimap pitchfork Cap Cup veebar barwedge curlyvee curlywedge intercal lrcorner ulcorner
  urcorner llcorner risingdotseq fallingdotseq circeq bumpeq Bumpeq thicksim thickapprox approxeq backsim varpropto`.split(
    /\s+/,
  ),
);

/** The character of a command, by its name without the backslash; undefined for other commands. */
export function signOf(name: string): string | undefined {
  if (Object.hasOwn(symbols, name)) return symbols[name];
  return shared.has(name) ? decodeHTMLStrict(`&${name};`) : undefined;
}
