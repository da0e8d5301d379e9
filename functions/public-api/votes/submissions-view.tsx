import { neededSubmitters, type Submission } from '../../../shared/votes/submission.ts';
import { renderPage } from '../pages/layout.tsx';
import { ButtonField } from '../pages/parts.tsx';

/** A paper that the reader submitted, with its status. */
export interface OwnSubmission extends Submission {
  paperId: string;
  /** The title of a paper that has a page: pending or listed. */
  title?: string;
}

/** The outcome of the form. */
export type SubmitOutcome =
  /** `decided`: the status before, if it was final. */
  { paperId: string; decided: Submission['status'] | undefined } | { typed: string; fault: string };

interface SubmissionsPageProps {
  token: string;
  /** Newest first. */
  submissions: OwnSubmission[];
  nextCursor: string | undefined;
  outcome?: SubmitOutcome | undefined;
}

/** `/submissions`: the field for a paper, and the papers submitted before. */
export function submissionsPage({ token, submissions, nextCursor, outcome }: SubmissionsPageProps): string {
  const query = `?token=${encodeURIComponent(token)}`;
  const refused = outcome && 'fault' in outcome ? outcome : undefined;
  return renderPage({
    title: refused ? 'Problem: please check what you typed · Daily Papers' : 'Submit a paper · Daily Papers',
    children: (
      <>
        <h1>Submit a paper</h1>
        <p>
          Is a paper of arXiv missing here? Give its id. It is listed once a curator accepts it, or {neededSubmitters}{' '}
          readers submit it.
        </p>
        {outcome && 'paperId' in outcome && (
          <p class="saved" role="status">
            {outcomeLine(outcome.paperId, outcome.decided)}
          </p>
        )}
        <form method="post" action={`/submissions${query}`}>
          <ButtonField
            name="arxivId"
            label="arXiv id or address"
            button="Submit"
            problem={refused?.fault}
            value={refused?.typed}
            input={{ placeholder: '2403.08540', maxlength: 200, autocomplete: 'off', autocapitalize: 'none' }}
          />
        </form>
        <section>
          <h2>What you submitted</h2>
          {submissions.length === 0 ? (
            <p>Nothing yet.</p>
          ) : (
            <ul class="digests">
              {submissions.map(submission => (
                <SubmissionEntry submission={submission} />
              ))}
            </ul>
          )}
          {nextCursor && (
            <p>
              <a href={`/submissions${query}&cursor=${encodeURIComponent(nextCursor)}`}>Older ones</a>
            </p>
          )}
        </section>
        <p>
          <a href={`/preferences${query}`}>Your preferences</a>
        </p>
      </>
    ),
  });
}

function outcomeLine(paperId: string, decided: Submission['status'] | undefined) {
  if (decided === 'listed') {
    return (
      <>
        <a href={`/papers/${paperId}`}>{paperId}</a> is listed already.
      </>
    );
  }
  return decided === undefined
    ? `Thank you: ${paperId} is noted.`
    : `${paperId} was refused, by a curator or its authors.`;
}

function SubmissionEntry({ submission }: { submission: OwnSubmission }) {
  const { paperId, title } = submission;
  return (
    <li>
      {title !== undefined ? <a href={`/papers/${paperId}`}>{title}</a> : paperId}
      <div class="muted">{statusLine(submission)}</div>
    </li>
  );
}

function statusLine({ status, submitters, reason }: OwnSubmission): string {
  // With enough submitters already, the next hourly run lists the paper.
  const missing = Math.max(1, neededSubmitters - submitters);
  const lines: Record<Submission['status'], string> = {
    waiting: 'Waiting: it is fetched from arXiv within minutes',
    pending: `Pending: until a curator accepts it, or ${missing === 1 ? '1 more reader submits' : `${missing} more readers submit`} it`,
    listed: 'Accepted',
    rejected: 'Refused, by a curator or its authors',
    unknown: `Not found: ${reason ?? 'arXiv has no paper with this id.'}`,
  };
  return lines[status];
}
