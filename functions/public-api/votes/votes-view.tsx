import type { DigestPaper } from '../../../shared/digests/digest.ts';
import { upvoteLine } from '../../../shared/email/words.ts';
import { allUpvotes, type Paper } from '../../../shared/papers/paper.ts';
import { titleOf } from '../../../shared/papers/shown.ts';
import { renderPage } from '../pages/layout.tsx';
import { OneButton, PaperList } from '../pages/parts.tsx';

const words = {
  upvote: {
    ask: 'Upvote this paper?',
    button: 'Upvote',
    is: 'You upvoted this paper',
    back: 'Take the vote back',
    undone: 'Your vote is taken back',
  },
  save: {
    ask: 'Save this paper?',
    button: 'Save',
    is: 'You saved this paper',
    back: 'Remove it from my saved papers',
    undone: 'It is not among your saved papers any more',
  },
  less: {
    ask: 'Less like this paper?',
    button: 'Less like this',
    is: 'You will see less like this paper',
    back: 'Take it back',
    undone: 'It does not lower other papers any more',
  },
};

interface VotePageProps {
  act: 'upvote' | 'save' | 'less';
  paper: Paper;
  /** Whether the paper has the reader's mark. */
  marked: boolean;
  /** Set after the button was pressed. */
  done?: boolean;
  token: string;
}

/** One paper with one button, which votes, saves, asks for less like it, or takes that back. */
export function votePage({ act, paper, marked, done = false, token }: VotePageProps): string {
  const { ask, button, is, back, undone } = words[act];
  const heading = marked ? is : done ? undone : ask;
  const title = titleOf(paper);
  const action = `/papers/${paper.id}/${act}${marked ? '/take-back' : ''}?token=${encodeURIComponent(token)}`;
  return renderPage({
    title: `${heading} · Daily Papers`,
    children: (
      <>
        <h1>{heading}</h1>
        <p>
          <a href={`/papers/${paper.id}`}>{title}</a>
        </p>
        {act === 'upvote' && <p class="muted">{upvoteLine(allUpvotes(paper))}</p>}
        {act === 'less' && (
          <p class="muted">
            From the next mail on, papers with the same words come later, unless your preferences say not to learn.
          </p>
        )}
        <OneButton action={action}>{marked ? back : button}</OneButton>
        {act === 'upvote' && (
          <div class="actions">
            <a href={`/papers/${paper.id}/save?token=${encodeURIComponent(token)}`}>Save this paper</a>
            {!marked && <a href={`/papers/${paper.id}/less?token=${encodeURIComponent(token)}`}>Less like this</a>}
          </div>
        )}
        <p>
          <a href="/">See the papers of the day</a>
        </p>
      </>
    ),
  });
}

/** One message for every token that is not accepted. */
export function voteLinkProblemPage(): string {
  return renderPage({
    title: 'This link does not work · Daily Papers',
    children: (
      <>
        <h1>This link does not work</h1>
        <p>
          It is not valid any more, or it was not copied whole. Please open it from the newest mail you got from us.
        </p>
        <p>
          <a href="/">See the papers of the day</a>
        </p>
      </>
    ),
  });
}

export function voteTooOftenPage(): string {
  return renderPage({
    title: 'Too many votes · Daily Papers',
    children: (
      <>
        <h1>That was a lot at once</h1>
        <p>You voted and saved too often within an hour. Nothing was changed; please try again later.</p>
      </>
    ),
  });
}

interface SavedPapersProps {
  token: string;
  /** `removeUrl`: the page whose button takes the paper out. */
  papers: (DigestPaper & { removeUrl: string })[];
  nextCursor: string | undefined;
}

/** `/saved`: the papers that the link's subscriber saved. */
export function savedPapersPage({ token, papers, nextCursor }: SavedPapersProps): string {
  const query = `?token=${encodeURIComponent(token)}`;
  return renderPage({
    title: 'Your saved papers · Daily Papers',
    children: (
      <>
        <h1>Your saved papers</h1>
        {papers.length === 0 ? (
          <p>Nothing is saved here. Each paper of a mail has a link that saves it.</p>
        ) : (
          <>
            <h2>The newest first</h2>
            <PaperList papers={papers} />
          </>
        )}
        {nextCursor && (
          <p>
            <a href={`/saved${query}&cursor=${encodeURIComponent(nextCursor)}`}>Older ones</a>
          </p>
        )}
        <p>
          <a href={`/preferences${query}`}>Your preferences</a>
        </p>
      </>
    ),
  });
}
