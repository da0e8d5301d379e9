import type { Digest } from '../../../shared/digests/digest.ts';
import { authorLine, openingLines } from '../../../shared/email/words.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { abstractOf } from '../../../shared/papers/shown.ts';

/**
 * A digest's papers for a feed reader. Without votes, since every change would make every feed reader load it again.
 */
export function digestContent(digest: Digest): string {
  return String(
    <>
      {openingLines(digest).map(line => (
        <p>{line}</p>
      ))}
      {digest.papers.length > 0 && (
        <ol>
          {digest.papers.map(paper => (
            <li>
              <p>
                <a href={paper.url}>{paper.title}</a>
              </p>
              <p>{authorLine(paper)}</p>
              <p>{paper.lead}</p>
            </li>
          ))}
        </ol>
      )}
    </>,
  );
}

/** A paper for a feed reader. */
export function paperContent(paper: Paper): string {
  const links = [
    { label: 'Paper', url: paper.url },
    { label: 'PDF', url: paper.pdfUrl },
    { label: 'Code', url: paper.codeUrl },
  ].filter(({ url }) => url !== undefined);
  return String(
    <>
      <p>{abstractOf(paper)}</p>
      {links.length > 0 && (
        <p>
          {links.map(({ label, url }) => (
            <>
              <a href={url}>{label}</a>{' '}
            </>
          ))}
        </p>
      )}
    </>,
  );
}
