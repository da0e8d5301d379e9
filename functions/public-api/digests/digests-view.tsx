import type { ArchiveKind, Digest, ListedDigest } from '../../../shared/digests/digest.ts';
import { morePapersOf } from '../../../shared/email/more-papers.ts';
import { countLine, openingLines, paperCountLine } from '../../../shared/email/words.ts';
import { longDate } from '../../../shared/time/day.ts';
import { renderPage } from '../pages/layout.tsx';
import { PaperList } from '../pages/parts.tsx';
import { Tab } from '../pages/views.tsx';

export type DigestEntry = Pick<ListedDigest, 'id' | 'kind' | 'date' | 'subject' | 'paperCount'>;

/** A digest's time in a list, and the heading of its own page, by its kind and date. */
const words: Record<Digest['kind'], { time: (date: string) => string; heading: (date: string) => string }> = {
  daily: { time: longDate, heading: date => `Papers of ${longDate(date)}` },
  weekly: {
    time: date => `The week to ${longDate(date)}`,
    heading: date => `The best papers of the week to ${longDate(date)}`,
  },
  welcome: { time: longDate, heading: date => `Papers of ${longDate(date)}` },
  'catch-up': { time: longDate, heading: date => `Papers to ${longDate(date)}` },
};

/** Digests as a list: subject, date and number of papers. */
export function DigestList({ digests }: { digests: DigestEntry[] }) {
  return (
    <ul class="digests">
      {digests.map(digest => (
        <li>
          <a href={`/digests/${digest.id}`}>{digest.subject}</a>
          <div class="muted">
            <time datetime={digest.date}>{words[digest.kind].time(digest.date)}</time>
            {` · ${paperCountLine(digest.paperCount)}`}
          </div>
        </li>
      ))}
    </ul>
  );
}

const kinds: { name: string; kind: ArchiveKind | undefined }[] = [
  { name: 'All', kind: undefined },
  { name: 'Daily', kind: 'daily' },
  { name: 'Weekly', kind: 'weekly' },
];
const addressOf = (kind: ArchiveKind | undefined, parameters: Record<string, string> = {}) => {
  const query = String(new URLSearchParams({ ...(kind && { kind }), ...parameters }));
  return query === '' ? '/digests' : `/digests?${query}`;
};

interface ArchivePageProps {
  publicUrl: string;
  /** The only kind that is shown; undefined shows all. */
  kind: ArchiveKind | undefined;
  /** Newest first. */
  digests: DigestEntry[];
  nextCursor?: string;
}

/** `/digests`: all published digests, newest first. */
export function archivePageOf({ publicUrl, kind: shown, digests, nextCursor }: ArchivePageProps): string {
  return renderPage({
    title: 'All digests · Daily Papers',
    description: 'Every digest of research papers that was mailed, the newest first.',
    canonicalUrl: `${publicUrl}${addressOf(shown)}`,
    children: (
      <>
        <h1>All digests</h1>
        <p>Every digest that was mailed, the newest first.</p>
        <nav class="tabs" aria-label="Kind">
          {kinds.map(({ name, kind }) => (
            <Tab name={name} href={addressOf(kind)} shown={kind === shown} />
          ))}
        </nav>
        {digests.length > 0 ? (
          <DigestList digests={digests} />
        ) : (
          <p>
            There are none yet. <a href="/">Subscribe</a>, and the first one comes to you.
          </p>
        )}
        {nextCursor && (
          <p>
            <a href={addressOf(shown, { cursor: nextCursor })}>Older digests</a>
          </p>
        )}
        <section>
          <h2>In a feed reader</h2>
          <p>The daily digests come as a feed, too.</p>
          <div class="actions">
            <a href="/feed.atom">Atom</a>
            <a href="/feed.json">JSON Feed</a>
          </div>
        </section>
      </>
    ),
  });
}

interface DigestPageProps {
  digest: Digest;
  publicUrl: string;
  /** The ids of the digests of the same kind before and after it. */
  before: string | undefined;
  after: string | undefined;
}

/** `/digests/{id}`: a digest as it is for all readers, with nothing personal. */
export function digestPage({ digest, publicUrl, before, after }: DigestPageProps): string {
  const heading = words[digest.kind].heading(digest.date);
  return renderPage({
    title: `${heading} · Daily Papers`,
    description: digest.subject,
    canonicalUrl: `${publicUrl}/digests/${digest.id}`,
    children: (
      <>
        <h1>{heading}</h1>
        <nav class="tabs" aria-label="Before and after">
          {before && (
            <a rel="prev" href={`/digests/${before}`}>
              ← The one before
            </a>
          )}
          {after && (
            <a rel="next" href={`/digests/${after}`}>
              The next one →
            </a>
          )}
        </nav>
        {openingLines(digest).map(line => (
          <p>{line}</p>
        ))}
        {digest.papers.length > 0 && (
          <>
            <h2>{countLine(digest.papers.length, digest)}</h2>
            <PaperList papers={digest.papers} date={digest.date} />
          </>
        )}
        <div class="actions">
          {morePapersOf(digest, { shown: digest.papers.length, publicUrl: '' }).map(({ label, url }) => (
            <a href={url}>{label}</a>
          ))}
          <a href="/">Get tomorrow’s papers by mail</a>
          <a href="/digests">All digests</a>
        </div>
      </>
    ),
  });
}
