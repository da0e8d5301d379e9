import { topicKey } from '../../../shared/digests/narrowed-topic.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { titleOf } from '../../../shared/papers/shown.ts';
import { renderPage } from '../pages/layout.tsx';
import { OneButton } from '../pages/parts.tsx';
import type { Narrowing } from './narrowing.ts';

interface NarrowingPageProps {
  token: string;
  paper: Paper;
  /** The reader's topics that the link names. */
  topics: Narrowing[];
  /** The topic that was just changed. */
  done?: string | undefined;
}

/** A paper, and for each topic that it matched one button, which makes the topic leave such papers out, or takes that back. */
export function narrowingPage({ token, paper, topics, done }: NarrowingPageProps): string {
  const query = (topic: string) =>
    `?token=${encodeURIComponent(token)}&paper=${encodeURIComponent(paper.id)}&topics=${topicKey(topic)}`;
  const changed = topics.find(({ topic }) => topic === done);
  const heading = !changed
    ? 'Not about this?'
    : changed.narrowed
      ? 'Your topic is narrowed'
      : 'Your topic is as before';
  return renderPage({
    title: `${heading} · Daily Papers`,
    children: (
      <>
        <h1>{heading}</h1>
        <p>
          <a href={`/papers/${paper.id}`} dir="auto">
            {titleOf(paper)}
          </a>
        </p>
        {topics.length === 0 && <p>The topic by which you got this paper is not among your topics any more.</p>}
        {topics.map(({ topic, narrowed, words, entry }) => (
          <section>
            <p>{explained({ topic, narrowed, words })}</p>
            {narrowed ? (
              <>
                <p class="muted">Among your topics it reads: {entry}</p>
                <OneButton action={`/preferences/not/take-back${query(topic)}`}>Take it back</OneButton>
              </>
            ) : (
              words && (
                <OneButton action={`/preferences/not${query(topic)}`}>
                  {topic} does not mean “{words}”
                </OneButton>
              )
            )}
          </section>
        ))}
        <p>
          <a href={`/preferences?token=${encodeURIComponent(token)}`}>Your preferences</a>, where you can change it at
          any time
        </p>
      </>
    ),
  });
}

function explained({ topic, narrowed, words }: Pick<Narrowing, 'topic' | 'narrowed' | 'words'>): string {
  if (narrowed) {
    return `From the next mail on, papers with the words “${words}” do not match your topic “${topic}”. They come only if they match another topic, or are trending.`;
  }
  if (words === undefined) {
    return `Nothing but the topic itself makes this paper match “${topic}”, so there is nothing to leave out. You can change the topic in your preferences.`;
  }
  return `This paper matched your topic “${topic}” by the words “${words}”. The button keeps the topic, and leaves out papers with these words: from the next mail on they come only if they match another topic, or are trending.`;
}
