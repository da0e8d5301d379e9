import { papers } from './introductions.ts';

/* The words by which a sentence of an abstract shows what it is. Points are those of shared/papers/lead/weigh.ts. */

/** Alternatives, one a word of the list. An underscore stands for a space. */
const any = (list: string) => `(?:${list.trim().split(/\s+/).join('|').replaceAll('_', ' ')})`;
/** Verbs in the present or the past. An ending in brackets is the verb's own. */
const verbs = (list: string) =>
  `${any(list.replace(/(?<=^|\s)[a-z]+(?=\s|$)/g, verb => `${verb}(?:s|es|d|ed|ped)?`))}\\b`;

/** The paper or its authors, and the words that may stand between them and their verb. */
const subject =
  `(?:\\b(?:[Ww]e|I)|\\b(?:[Tt]his|[Tt]he_present|[Oo]ur|[Tt]he) (?:[\\w-]+ ){0,2}(?:${papers}))`.replaceAll('_', ' ') +
  '(?:[ ,]+(?:[\\w-]+ly|also|thus|here|then|first|further|therefore|hence|hereby|instead|in turn|to this end)){0,2},? ' +
  '(?:(?:aim|seek|try|tri|set out|intend|attempt)(?:s|ed|es)? to |(?:have|has) |takes? (?:a|the) (?:first )?steps? \\w+ )?';

/** Deeds and findings of the paper or its authors, the plainest first. */
export const cues: readonly [RegExp, number][] = [
  [
    new RegExp(
      subject +
        verbs(
          'introduce propose present develop design devise create describe document contribute unveil construct buil(?:ds?|t)',
        ),
    ),
    10,
  ],
  [
    new RegExp(
      `\\b${any('aim goal purpose intent objective focus')} of (?:this|the|our) (?:[\\w-]+ )?(?:${papers}) (?:is|was)\\b`,
    ),
    10,
  ],
  [
    new RegExp(
      subject +
        verbs(
          `formulate formali[sz](?:es?|ed) argue show(?:s|ed|n)? f(?:inds?|ound) prove demonstrate establish discover uncover reveal
          derive survey review stud(?:y|ies|ied) investigate revisit explore offer release reframe recast rethinks? conclude`,
        ),
    ),
    8,
  ],
  [
    new RegExp(
      subject +
        verbs(
          `address tackle examine ask analy[sz](?:es?|ed) treat identif(?:y|ies|ied) report provide g(?:ives?|ave)
          characteri[sz](?:es?|ed) evaluate benchmark compare conduct quantif(?:y|ies|ied) audit measure test probe consider extend
          unif(?:y|ies|ied) reformulate train scale adapt observe suggest advocate perform locali[sz](?:es?|ed) track use collect
          curate define leverage focus organi[sz](?:es?|ed) improve combine appl(?:y|ies|ied) assess discuss summari[sz](?:es?|ed)
          determine estimate deploy implement generali[sz](?:es?|ed) obtain compute`,
        ),
    ),
    6,
  ],
  // Any verb, where its place tells as much.
  [new RegExp(`^(?:In [\\w\\s-]{3,40}, )?(?:[Tt]his|[Oo]ur) (?:[\\w-]+ ){0,2}(?:${papers}) [a-z]+s\\b`), 6],
  [/^(?:To [^,]{3,120}, |Here,? |Instead, |In [^,]{3,80}, |In (?:this|our) [\w-]+ )[Ww]e [a-z-]+/, 6],
  [/\b(?:is|are) (?:introduced|proposed|presented|developed|investigated|studied|described|derived)\b/, 6],
  [
    new RegExp(
      `\\b${any('[Rr]esults? [Ee]xperiments? [Ff]indings? [Aa]nalys[ie]s [Ee]valuations? [Ss]tudy [Bb]enchmark(?:ing|s)? [Ss]imulations? [Tt]heory')}\\b` +
        `[^.]{0,120}\\b${any('shows? demonstrates? reveals? indicates? suggests? confirms? finds? establish validates? uncovers? verif(?:y|ies)')}\\b`,
    ),
    5,
  ],
  [
    /\b[Ww]e (?!have|had|can|could|are|were|need|know|expect|live|lack|may|should|must|often|still|believe|hope)[a-z-]+/,
    3,
  ],
];

/** An advantage, and a figure, which together are a result. */
export const advantage =
  /\b(?:achiev|outperform|improv|surpass|reduc|increas|attain|exceed|reach|match|yield|deliver|gain|speed-?up|faster)\w*\b/;
export const figure =
  /\d[\d.,]{0,12}\s?(?:%|×|(?:x|[KMB]|percent|points?|pp|times|hours|tokens|tasks|billion|million)\b)/;

/** Words for the known, the missing and the usual: they tell of the field unless the paper is their subject. */
export const background = new RegExp(
  `\\b${any('[Ee]xisting [Pp]rior [Pp]revious [Cc]urrent [Rr]ecent [Tt]raditional [Cc]onventional [Ss]tandard [Mm]ost [Mm]any')} (?:[\\w-]+ ){0,4}?` +
    `${any(`methods? approach(?:es)? works? stud(?:y|ies) models? systems? benchmarks? techniques solutions efforts
    advance(?:s|ments)? progress evaluations? pipelines? frameworks? algorithms datasets research literature practices? agents paradigms?`)}\\b` +
    `|\\b${any(`remains? increasingly often typically usually largely struggles? suffers? fails?_to rel(?:y|ies)_on hindered
    under-?explored bottleneck little_is_known unclear plays? key_challenge (?:is|are)_essential
    is_(?:crucial|critical|fundamental|challenging|difficult)
    ha(?:s|ve)_(?:become|emerged|been|shown|demonstrated|made|achieved|led|received|attracted|gained|driven|recently)`)}\\b`,
);
export const contrast = new RegExp(
  `^${any('However Yet But Although Though While Despite Unfortunately Nevertheless Nonetheless Recent(?:ly)? Traditionally Currently In_contrast Conversely')}\\b`,
);

/** Where code is, and where it is said to be: nothing of what a paper does. */
export const address = /https?:\/\/|www\.|\bgithub\.com\b|\.github\.io\b/;
export const availability = new RegExp(
  `\\b${any(`codes? codebase data datasets? models? weights checkpoints? demos? website implementation source resources? artifacts`)}\\b` +
    `[^.]{0,80}\\b${any('available released? open-?sourced? found accessible')}\\b` +
    `|\\b${any('release open-?source publish provide')}\\b[^.]{0,60}\\b${any('code weights checkpoints? models')}\\b` +
    '|\\b[Pp]roject (?:page|website)\\b',
);
/** Hopes. */
export const outlook = new RegExp(
  `\\b${any(`[Ww]e_(?:believe|hope|envision|anticipate|conclude|discuss) pav(?:es?|ing)_the_way future_(?:research|work|directions)
  opens?_(?:up_)?(?:new|the) promising_(?:directions?|path|step) broader_(?:community|implications)
  lays?_the_(?:foundation|groundwork) potential_of`)}\\b`,
);

/** An end that only counts what the next sentences tell: "yields two main findings." */
export const announcement =
  /\b(?:two|three|four|five|several) (?:[\w-]+ ){0,2}(?:innovations|findings|components|designs|contributions|stages|steps|parts|insights|limitations|challenges|reasons|patterns|modules|mechanisms|properties|phases)[.:]$/;

const things = 'method|approach|framework|model|system|algorithm|technique';
const ofEarlier = '(?:this|these|those|its|their|it|they)';

/** Marks of a sentence, and what they cost or give. */
export const marks: readonly [RegExp, number][] = [
  [new RegExp(`^(?:In|Within|Through) (?:this|our|the present) (?:[\\w-]+ )?(?:${papers})\\b|^Here\\b`), 2],
  // The headings of an abstract in parts.
  [/^(?:Objectives?|Aims?|Purpose|Goals?|Results?|Findings|Contributions?|Conclusions?)\s?[:.–—-]/i, 2],
  [/^(?:Background|Context|Introduction|Motivation|Problem)\s?[:.–—-]/i, -4],
  // It leans on the sentence before.
  [
    new RegExp(
      `^${any(`It They He She These Those Such Both Its Their There Then Thus Hence Here Consequently Accordingly Therefore As_a_result
      As_such In_turn In_doing_so By_doing_so Doing_so Otherwise Rather Instead Similarly Likewise Conversely Each That In_particular
      For_example For_instance Together One Another Unlike_(?:these|those|this) Based_on_(?:this|these|that) With_(?:this|these)
      Under_this The_(?:former|latter|second|third|other|first|resulting|key|core|idea|same)`)}\\b` +
        `|^This (?!(?:[\\w-]+ ){0,2}(?:${papers})\\b)`,
    ),
    -5,
  ],
  // One of several points.
  [
    new RegExp(
      `^(?:\\(?(?:[b-h]|i{2,3}|iv|v|[2-9])\\)|${any(`First Second Third Fourth Next Last Lastly Finally Overall Subsequently Secondly Thirdly
      Firstly Moreover Furthermore Additionally In_addition Besides Also Beyond Meanwhile Further Importantly Notably Specifically
      Concretely Crucially On_the_other_hand At_its_core During_\\w+ For_(?:evaluation|training|data)
      To_(?:do_so|(?:achieve|support|enable|realize|mitigate)_this|further|ensure|improve|stabilize|facilitate|make_this)`)}\\b)`,
    ),
    -4,
  ],
  [/\b[Ww]e (?:also|then|further|additionally|furthermore|next|finally|first|subsequently|conclude)\b/, -3],
  [
    new RegExp(
      `^(?:Our|The (?:proposed|resulting)) (?:[\\w-]+ )?(?:${things}|benchmark|pipeline|dataset|architecture|core|key)`,
    ),
    -1,
  ],
  // An announcement of what follows.
  [announcement, -3],
  // A finding about a thing that another sentence names.
  [new RegExp(`\\b(?:that|of|how) (?:our|the proposed) (?:${things})s?\\b`), -2],
  [address, -10],
  [availability, -8],
  [outlook, -5],
  [/\?["”']?$/, -6],
];

/** Marks of a sentence without its introduction: it speaks of things of earlier sentences. */
export const innerMarks: readonly [RegExp, number][] = [
  [
    new RegExp(
      `\\b(?:this|these|both|such) ${any('insights? challenges? issues? limitations? gaps? problems? observations? findings? ideas? goals? definitions? frameworks? tensions? designs? skills? results? properties')}\\b` +
        '|\\b(?:aforementioned|the above|the former|the latter)\\b',
    ),
    -1,
  ],
  [new RegExp(`(?<!^.?.?.?)\\b(?:this|these|those|such) (?!(?:[\\w-]+ ){0,1}(?:${papers})\\b)[a-z]`), -1],
  [
    new RegExp(
      `^.{0,50}\\b(?:(?:that|how|whether|why|of|in) ${ofEarlier}|[Ww]e (?:call|term|show|discover|find|refer|use|measure|do) (?:to )?${ofEarlier})\\b`,
    ),
    -3,
  ],
];
