import type { Digest } from '../digests/digest.ts';
import { isCatchUp } from '../digests/period.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import type { Parts, ShownPaper } from './digest-entry.tsx';
import { classes, MailRow } from './layout.tsx';
import { light } from './palette.ts';
import { isOfWeek } from './words.ts';

/** A part of a reader's papers, under a heading unless it is empty. */
export interface Section {
  heading: Parts;
  papers: ShownPaper[];
}

const none: Parts = { html: '', text: '' };

/**
 * The papers of a reader who has topics or authors, in sections: those that match, and the others. A reader without
 * either has one section without a heading. When nothing matched, the mail says so.
 */
export function sectionsOf(
  digest: Pick<Digest, 'id'>,
  shown: readonly ShownPaper[],
  { topics, authors }: Pick<Preferences, 'topics' | 'authors'>,
): Section[] {
  if (shown.length === 0 || (topics.length === 0 && authors.length === 0))
    return [{ heading: none, papers: [...shown] }];
  const isMatch = ({ topics, authors }: ShownPaper) => Boolean(topics?.length || authors?.length);
  const [mine, others] = [shown.filter(isMatch), shown.filter(paper => !isMatch(paper))];
  const about = [topics.length > 0 && 'on your topics', authors.length > 0 && 'by your authors'].filter(Boolean);
  if (mine.length === 0) {
    const when = isCatchUp(digest) ? 'in these days' : isOfWeek(digest) ? 'this week' : 'today';
    return [{ heading: headingOf('Trending', `Nothing was ${about.join(' or ')} ${when}.`), papers: others }];
  }
  const name = about.join(' and ');
  return [
    { heading: headingOf(`${name.charAt(0).toUpperCase()}${name.slice(1)} (${mine.length})`), papers: mine },
    ...(others.length > 0 ? [{ heading: headingOf('Also trending'), papers: others }] : []),
  ];
}

const headingStyle = `margin:0;font:bold 16px/24px Arial,sans-serif;color:${light.muted}`;
const lineStyle = `margin:0 0 8px;font:16px/25px Arial,sans-serif;color:${light.ink}`;

function headingOf(heading: string, line = ''): Parts {
  const html = (
    <MailRow ruled>
      {line && (
        <p class={classes.ink} style={lineStyle}>
          {line}
        </p>
      )}
      <h2 class={classes.muted} style={headingStyle}>
        {heading}
      </h2>
    </MailRow>
  );
  return { html: String(html), text: `${line && `${line}\n\n`}${heading}\n\n` };
}
