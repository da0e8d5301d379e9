import { allUpvotes, type Paper } from '../../../shared/papers/paper.ts';
import { abstractOf, titleOf } from '../../../shared/papers/shown.ts';
import { longDate } from '../../../shared/time/day.ts';
import { renderPage } from '../pages/layout.tsx';
import { Authors, VotesAndLinks } from '../pages/parts.tsx';

/** Characters of a description that search engines show. */
const descriptionCharacters = 160;

/** `/papers/{id}`: one paper. Its stored texts are made readable here. */
export function paperPage({ paper }: { paper: Paper }): string {
  const title = titleOf(paper);
  const abstract = abstractOf(paper);
  return renderPage({
    title: `${title} · Daily Papers`,
    // A pending submission asks not to be indexed: no curator has looked at it.
    ...(!paper.submission && { description: abstract.slice(0, descriptionCharacters) }),
    children: (
      <article>
        <h1>{title}</h1>
        <Authors line={paper.authors.join(', ')} />
        <p class="muted">
          {paper.submission ? (
            'Submitted by a reader; pending until a curator accepts it, or more readers submit it'
          ) : (
            <>
              Featured on <time datetime={paper.day}>{longDate(paper.day)}</time>
            </>
          )}
        </p>
        <VotesAndLinks
          upvotes={allUpvotes(paper)}
          links={[
            { label: 'Read the paper', url: paper.url },
            { label: 'PDF', url: paper.pdfUrl },
            { label: 'Code', url: paper.codeUrl },
            { label: 'Project page', url: paper.projectUrl },
          ]}
        />
        <h2>Abstract</h2>
        <p>{abstract}</p>
        <p>
          <a href="/">All papers of the day</a>
        </p>
      </article>
    ),
  });
}
