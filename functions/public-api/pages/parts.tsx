import type { Child } from 'hono/jsx';
import type { DigestPaper } from '../../../shared/digests/digest.ts';
import {
  authorLine,
  inDailyLine,
  keywordLine,
  linksOf,
  publishedLine,
  upvoteLine,
} from '../../../shared/email/words.ts';

/** The hidden field of the sign-up form, for programs. No browser knows the name, so none fills it in. */
export const honeypotField = 'topic_note';

interface SubscribeFormProps {
  /** The fault of the typed address. */
  problem?: string;
  /** The address as typed. */
  email?: string;
  /** Topics to subscribe to, with commas between them. */
  topics?: string;
}

interface ButtonFieldProps {
  /** The name and id of the field. */
  name: string;
  label: string;
  button: string;
  /** The fault of the typed text. */
  problem: string | undefined;
  /** As typed. */
  value: string | undefined;
}

/** One field with its button. `input` holds its other attributes. A page holds at most one field with a problem. */
export function ButtonField({
  name,
  label,
  button,
  problem,
  value,
  input,
}: ButtonFieldProps & { input: Record<string, string | number> }) {
  return (
    <>
      <label for={name}>{label}</label>
      {problem && (
        <p class="problem" id="problem" role="alert">
          {problem}
        </p>
      )}
      <div class="row">
        <input
          id={name}
          name={name}
          {...input}
          required
          value={value}
          {...(problem && { 'aria-invalid': 'true', 'aria-describedby': 'problem' })}
        />
        <button type="submit">{button}</button>
      </div>
    </>
  );
}

/** The address field with its button. A page holds at most one. */
export function AddressField({
  email,
  ...field
}: Omit<ButtonFieldProps, 'name' | 'value'> & { email?: string | undefined }) {
  const input = { type: 'email', autocomplete: 'email', placeholder: 'you@example.com', maxlength: 254 };
  return <ButtonField {...field} name="email" value={email} input={input} />;
}

/** The sign-up form. A page holds at most one. */
export function SubscribeForm({ problem, email, topics }: SubscribeFormProps) {
  return (
    <form method="post" action="/subscriptions">
      <AddressField label="Your e-mail address" button="Subscribe" problem={problem} email={email} />
      {topics && <input type="hidden" name="topics" value={topics} />}
      {/* For programs that fill in every field. */}
      <div class="trap" aria-hidden="true">
        <label for={honeypotField}>Leave this empty</label>
        <input id={honeypotField} name={honeypotField} tabindex={-1} autocomplete="off" />
      </div>
      <p class="muted">
        We send you one mail to confirm first. Unsubscribe with one click.
        {topics && ' Your topics come along.'}
      </p>
    </form>
  );
}

interface PaperListProps {
  /** `removeUrl`: the page that takes the paper out of a subscriber's own list. `reason`: why it is in a reader's mail. */
  papers: (DigestPaper & { removeUrl?: string; reason?: string })[];
  /** The day of a digest, or a weekly's last one. */
  date?: string;
}

/** Papers as a list. Texts of other scripts are laid out in their own direction. */
export function PaperList({ papers, date = '' }: PaperListProps) {
  return (
    <ol class="papers">
      {papers.map(paper => (
        <li>
          <h3>
            <a href={`/papers/${paper.id}`} dir="auto">
              {paper.title}
            </a>
          </h3>
          <Known parts={[authorLine(paper), paper.organization, publishedLine(paper.publishedAt, date)]} />
          {paper.reason && <p class="reason">{paper.reason}</p>}
          <p dir="auto">{paper.lead}</p>
          <Known parts={[keywordLine(paper)]} />
          <VotesAndLinks
            upvotes={paper.upvotes}
            links={[
              // The only address of some papers is our own page, and the title links to it already.
              { label: 'Paper', url: paper.url.endsWith(`/papers/${paper.id}`) ? undefined : paper.url },
              ...linksOf(paper),
              { label: 'Remove', url: paper.removeUrl },
              ...(paper.inDaily ? [{ label: inDailyLine(paper.inDaily, date), url: `/digests/${paper.inDaily}` }] : []),
            ]}
          />
        </li>
      ))}
    </ol>
  );
}

/** A muted line of what is known, each part in its own direction. */
export function Known({ parts }: { parts: (string | undefined)[] }) {
  const known = parts.filter(Boolean);
  if (known.length === 0) return null;
  return (
    <p class="muted">
      {known.map((part, place) => (
        <>
          {place > 0 && '\u00a0· '}
          <bdi>{part}</bdi>
        </>
      ))}
    </p>
  );
}

interface VotesAndLinksProps {
  upvotes: number;
  /** Links without a URL are left out. */
  links: { label: string; url: string | undefined }[];
}

export function VotesAndLinks({ upvotes, links }: VotesAndLinksProps) {
  return (
    <div class="actions">
      {upvotes > 0 && <span class="muted">{upvoteLine(upvotes)}</span>}
      {links.map(({ label, url }) => url && <a href={url}>{label}</a>)}
    </div>
  );
}

/** A form with one big button. Only its POST acts, since a GET changes nothing. */
export function OneButton({ action, children }: { action: string; children: Child }) {
  return (
    <form method="post" action={action}>
      <button class="big" type="submit">
        {children}
      </button>
    </form>
  );
}
