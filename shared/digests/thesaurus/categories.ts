/** arXiv's categories as words of the thesaurus, for papers whose source gives no categories. */
const words = `
cs.ai artificial intelligence, cs.ar chip design, cs.cl natural language processing, cs.cr cybersecurity
cs.cv computer vision, cs.cy society, cs.db database, cs.dc distributed training, cs.dl science of science
cs.dm combinatorics, cs.ds algorithm, cs.et hardware, cs.fl formal verification, cs.gr computer graphics
cs.gt game theory, cs.hc human-computer interaction, cs.ir information retrieval, cs.it information theory
cs.lg machine learning, cs.lo formal verification, cs.ma multi-agent system, cs.mm multimodal, cs.ne evolutionary algorithm
cs.ni networking, cs.os operating system, cs.pf high-performance computing, cs.pl programming language, cs.ro robotics
cs.sd audio, cs.se software engineering, cs.si social network, cs.sy control theory
eess.as speech, eess.iv image restoration, eess.sp signal processing, eess.sy control theory
econ economics, q-bio biology, q-bio.bm protein, q-bio.gn genomics, q-bio.nc neuroscience, q-fin finance
astro-ph astronomy, cond-mat materials science, quant-ph quantum computing, physics physics, math mathematics
hep-th particle physics, hep-ph particle physics, hep-ex particle physics, hep-lat particle physics
stat statistics, stat.ml machine learning, stat.me statistical inference`;

const subjects = new Map(
  words
    .split(/[,\n]/)
    .map(each => each.trim())
    .filter(Boolean)
    .map(each => [each.slice(0, each.indexOf(' ')), each.slice(each.indexOf(' ') + 1)]),
);

/** The words of a category, `cs.RO`, else those of its archive. */
export function subjectOfCategory(raw: string): string | undefined {
  const name = raw.trim().toLowerCase();
  return subjects.get(name) ?? subjects.get(name.split('.', 1)[0] ?? '');
}
