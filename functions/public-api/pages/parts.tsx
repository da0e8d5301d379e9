import type { Child } from 'hono/jsx';
import type { DigestPaper } from '../../../shared/digests/digest.ts';
import { authorLine, inDailyLine, upvoteLine } from '../../../shared/email/words.ts';

/** The sign-up form's field that people don't see. No browser knows the name and fills it in. */
export const honeypotField = 'topic_note';

interface SubscribeFormProps {
  /** What is wrong with the address that was typed. */
  problem?: string;
  /** The address as typed. */
  email?: string;
}

interface ButtonFieldProps {
  /** Of the field, and its id. */
  name: string;
  label: string;
  button: string;
  /** What is wrong with what was typed. */
  problem: string | undefined;
  /** As typed. */
  value: string | undefined;
}

/** One field with the button beside it; `input` is what else it is. A page holds one with a problem at most. */
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

/** The field for an address with the button beside it. A page holds it once at most. */
export function AddressField({
  email,
  ...field
}: Omit<ButtonFieldProps, 'name' | 'value'> & { email?: string | undefined }) {
  const input = { type: 'email', autocomplete: 'email', placeholder: 'you@example.com', maxlength: 254 };
  return <ButtonField {...field} name="email" value={email} input={input} />;
}

/** The one form by which people subscribe. A page holds it once at most. */
export function SubscribeForm({ problem, email }: SubscribeFormProps) {
  return (
    <form method="post" action="/subscriptions">
      <AddressField label="Your e-mail address" button="Subscribe" problem={problem} email={email} />
      {/* For programs that fill in whatever they find. */}
      <div class="trap" aria-hidden="true">
        <label for={honeypotField}>Leave this empty</label>
        <input id={honeypotField} name={honeypotField} tabindex={-1} autocomplete="off" />
      </div>
      <p class="muted">We send you one mail to confirm first. Unsubscribe with one click.</p>
    </form>
  );
}

interface PaperListProps {
  /** `removeUrl`: where one may be taken out of a list of one's own. */
  papers: (DigestPaper & { removeUrl?: string })[];
  /** In a weekly: its last day. */
  weekEnd?: string;
}

/** Papers as a list. */
export function PaperList({ papers, weekEnd = '' }: PaperListProps) {
  return (
    <ol class="papers">
      {papers.map(paper => (
        <li>
          <h3>
            <a href={`/papers/${paper.id}`}>{paper.title}</a>
          </h3>
          <Authors line={authorLine(paper)} />
          <p>{paper.lead}</p>
          <VotesAndLinks
            upvotes={paper.upvotes}
            links={[
              // A paper without an address elsewhere has our own page alone, which its title links to.
              { label: 'Paper', url: paper.url.endsWith(`/papers/${paper.id}`) ? undefined : paper.url },
              { label: 'PDF', url: paper.pdfUrl },
              { label: 'Code', url: paper.codeUrl },
              { label: 'Remove', url: paper.removeUrl },
              ...(paper.inDaily
                ? [{ label: inDailyLine(paper.inDaily, weekEnd), url: `/digests/${paper.inDaily}` }]
                : []),
            ]}
          />
        </li>
      ))}
    </ol>
  );
}

export function Authors({ line }: { line: string }) {
  return line === '' ? null : <p class="muted">{line}</p>;
}

interface VotesAndLinksProps {
  upvotes: number;
  /** Those without an address are left out. */
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

/** A form that does one thing at the press of one big button, so that the GET before it changes nothing. */
export function OneButton({ action, children }: { action: string; children: Child }) {
  return (
    <form method="post" action={action}>
      <button class="big" type="submit">
        {children}
      </button>
    </form>
  );
}
