import type { Child } from 'hono/jsx';
import { paperPageUrl } from '../digests/digest-paper.ts';
import { cutText } from '../papers/lead/cut.ts';
import type { Parts } from './digest-entry.tsx';
import { classes, MailRow, styles } from './layout.tsx';
import { type LinkRules, leftOverIn, mayLinkTo } from './links.ts';

/** The news of a paper that a reader saved: it has code now, a new version, or both. */
export interface SavedNews {
  paperId: string;
  title: string;
  codeUrl?: string | undefined;
  version?: number | undefined;
}

/** Most papers that the line names; the others are counted. */
const mostNamed = 3;
const titleCharacters = 90;
const heading = 'News of papers that you saved:';

/**
 * The line that tells a reader of the news of their saved papers, before the papers of the mail; empty without any. Pure.
 * @returns `quoted`: the texts by papers' authors, as they stand in the line
 */
export function savedNewsPart(news: readonly SavedNews[], rules: LinkRules): Parts & { quoted: string[] } {
  if (news.length === 0) return { html: '', text: '', quoted: [] };
  const named = news.slice(0, mostNamed).map(one => ({
    title: cutText(one.title.replace(/\p{Cc}+/gu, ' '), titleCharacters),
    url: addressOf(one, rules),
    gained: gainedLine(one),
  }));
  const others = news.length - named.length;
  const rest = others === 0 ? '' : others === 1 ? 'and 1 more has news' : `and ${others} more have news`;
  const html = (
    <MailRow ruled>
      <p class={classes.ink} style={styles.paragraph.replace('12px', '0')}>
        {heading}{' '}
        {named.map(({ title, url, gained }, place): Child[] => [
          place === 0 ? '' : '; ',
          <a class={classes.link} href={url} style={styles.link} dir="auto">
            {title}
          </a>,
          ` ${gained}`,
        ])}
        {rest && `; ${rest}`}.
      </p>
    </MailRow>
  );
  const lines = named.map(({ title, url, gained }) => `${title} ${gained}: ${url}`);
  const text = [heading, ...lines, ...(rest ? [`${rest}.`] : [])].join('\n');
  const quoted = named.flatMap(({ title, url }) => [title, url]);
  return { html: String(html), text: `${text}\n\n`, quoted };
}

/** "has code now and a new version (v2)". */
function gainedLine({ codeUrl, version }: SavedNews): string {
  const newVersion = version !== undefined && `a new version (v${version})`;
  return `has ${[codeUrl !== undefined && 'code now', newVersion].filter(Boolean).join(' and ')}`;
}

/** The paper's code, if a mail may link to it, else our page of the paper. */
function addressOf({ paperId, codeUrl }: SavedNews, rules: LinkRules): string {
  const isAllowed = codeUrl !== undefined && mayLinkTo(codeUrl, rules) && leftOverIn(codeUrl) === undefined;
  return isAllowed ? codeUrl : paperPageUrl(rules.publicUrl, paperId);
}
