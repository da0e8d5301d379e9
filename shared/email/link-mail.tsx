import type { MailIdentity } from './identity.ts';
import { BigButton, CopyLink, classes, MailRow, PostalAddress, renderMail, signatureLine, styles } from './layout.tsx';

interface LinkMailInput {
  subject: string;
  preheader: string;
  heading: string;
  /** Why the mail came. */
  reason: string;
  button: string;
  /** The words before the link in the text part, which has no button. */
  textBeforeLink: string;
  /** Holds the token. */
  url: string;
  /** The link's validity and effect. */
  condition: string;
  /** Titles of papers, as an example, under a line. */
  papers?: { line: string; titles: string[] } | undefined;
  /** Advice to a reader who did not ask for it. */
  notYou: string;
  identity: Pick<MailIdentity, 'publicUrl' | 'senderName' | 'postalAddress'>;
}

/** A mail about one link with one big button. Pure. */
export function linkMail(input: LinkMailInput): { subject: string; html: string; text: string } {
  const { subject, url, identity, papers } = input;
  const html = renderMail({
    title: subject,
    preheader: input.preheader,
    children: (
      <>
        <MailRow>
          <p class={classes.ink} style={styles.brand}>
            {identity.senderName}
          </p>
        </MailRow>
        <MailRow ruled>
          <h1 class={classes.ink} style={styles.heading}>
            {input.heading}
          </h1>
          <p class={classes.ink} style={styles.paragraph}>
            {input.reason}
          </p>
          <BigButton href={url} label={input.button} />
          <p class={classes.ink} style={styles.paragraph}>
            {input.condition}
          </p>
        </MailRow>
        {papers && (
          <MailRow ruled>
            <p class={classes.muted} style={styles.small}>
              {papers.line}
            </p>
            {papers.titles.map(title => (
              <p class={classes.ink} style={styles.paragraph}>
                {title}
              </p>
            ))}
          </MailRow>
        )}
        <MailRow ruled>
          <p class={classes.muted} style={styles.small}>
            {input.notYou}
          </p>
          <CopyLink href={url} />
          <PostalAddress postalAddress={identity.postalAddress} />
        </MailRow>
      </>
    ),
  });

  const text = [
    input.heading,
    input.reason,
    `${input.textBeforeLink}\n${url}`,
    input.condition,
    ...(papers ? [[papers.line, ...papers.titles.map(title => `* ${title}`)].join('\n')] : []),
    input.notYou,
    [signatureLine, identity.senderName, identity.publicUrl, identity.postalAddress].filter(Boolean).join('\n'),
  ].join('\n\n');

  return { subject, html, text: `${text}\n` };
}
