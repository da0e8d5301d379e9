import { readNarrowedTopic } from './narrowed-topic.ts';
import { readWording, stemsOf } from './profile.ts';

/** The parts of arXiv's archives that have parts. */
const parts: Record<string, string> = {
  'astro-ph': 'co ep ga he im sr',
  'cond-mat': 'dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con',
  cs: 'ai ar cc ce cg cl cr cv cy db dc dl dm ds et fl gl gr gt hc ir it lg lo ma mm ms na ne ni oh os pf pl ro sc sd se si sy',
  econ: 'em gn th',
  eess: 'as iv sp sy',
  math: 'ac ag ap at ca co ct cv dg ds fa gm gn gr gt ho it kt lo mg mp na nt oa oc pr qa ra rt sg sp st',
  nlin: 'ao cd cg ps si',
  physics:
    'acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph',
  'q-bio': 'bm cb gn mn nc ot pe qm sc to',
  'q-fin': 'cp ec gn mf pm pr rm st tr',
  stat: 'ap co me ml ot th',
};

/** Why a topic or muted word can match no paper; undefined if it can. */
export function whyUnmatchable(entry: string): string | undefined {
  const { topic } = readNarrowedTopic(entry);
  const { words, category } = readWording(topic);
  if (category) {
    const [archive = '', part] = topic.trim().toLowerCase().split('.', 2);
    if (part === undefined || part === '*' || parts[archive]?.split(' ').includes(part)) return undefined;
    return 'arXiv has no such category';
  }
  return stemsOf(words) === '' ? 'there is no word in it' : undefined;
}
