import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { dark, light, sans, serif } from './palette.ts';

/*
 * Mail HTML has tables and inline styles, because Outlook on Windows uses Word's engine (no max-width, no padding
 * outside of table cells), and Gmail drops styles that it does not know. <style> holds only refinements: the dark
 * theme, and smaller margins on a phone.
 */

/** Inline styles of the texts in a mail. Each is complete, because Word's engine inherits unreliably. */
export const styles = {
  brand: `margin:0;font:bold 18px/24px ${serif};color:${light.ink}`,
  heading: `margin:0;font:bold 28px/34px ${serif};color:${light.ink}`,
  paragraph: `margin:12px 0 0;font:16px/25px ${sans};color:${light.ink}`,
  small: `margin:6px 0 0;font:14px/21px ${sans};color:${light.muted}`,
  cell: 'padding:22px 36px',
  ruledCell: `padding:22px 36px;border-top:1px solid ${light.line}`,
  link: `color:${light.link}`,
} as const;

/** Class names that the dark theme and the phone refine. */
export const classes = {
  cell: 'c',
  ink: 'i',
  muted: 'm',
  link: 'l',
  buttonCell: 'b',
  buttonLink: 'o',
  entry: 'c e',
  reason: 'r',
  keywords: 'k',
  actions: 't',
} as const;

/* `color-scheme` stands here, beside the dark theme: in <meta> it would also hold where <style> is dropped. */
const refinements = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
h1,h2{text-wrap:pretty}
.e{font-family:${sans} !important}
.e a{color:${light.link}}
h2 a{text-decoration:none}
.e b{color:${light.ink}}
.t{margin-left:-6px}
.t a{display:inline-block;padding:4px 6px}
@media (max-width:600px){.p{padding:0 !important}.c{padding:18px 20px !important}.e{padding-bottom:8px !important}.e p{margin-bottom:0 !important}.k{margin-top:6px}.t{margin-left:-10px}.t a{padding:12px 10px}.r a{display:inline-block;padding:8px 0}}
@media (prefers-color-scheme:dark){
body,.d{background:${dark.backdrop} !important}
.s{background:${dark.surface} !important}
.c{border-color:${dark.line} !important}
.i,.e p,.e b{color:${dark.ink} !important}
.m,.e{color:${dark.muted} !important}
.l,.e a{color:${dark.link} !important}
.a{border-color:${dark.link} !important}
.b{background:${dark.button} !important}
.o{color:${dark.onButton} !important}
}`;

/** Without it, Outlook on a display of many dots per inch scales the text, but not the widths. */
const outlookSettings =
  '<!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->';
/** Word's engine has no max-width, so it gets a fixed table around the fluid one. */
const outlookColumn =
  '<!--[if mso]><table role="presentation" align="center" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->';
const outlookColumnEnd = '<!--[if mso]></td></tr></table><![endif]-->';

/**
 * Invisible characters after the preheader, so that a mail client does not fill its preview with the mail's first
 * words.
 */
const previewFiller = '&#847;&zwnj;&nbsp;'.repeat(40);

interface MailFrameProps {
  title: string;
  /** The words that a mail client shows beside the subject. */
  preheader: string;
  /** Table rows; `MailRow` makes one. */
  children: Child;
}

function MailFrame({ title, preheader, children }: MailFrameProps) {
  return (
    <html lang="en" dir="ltr" {...{ 'xmlns:o': 'urn:schemas-microsoft-com:office:office' }}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <meta name="x-apple-disable-message-reformatting" />
        <title>{title}</title>
        {raw(outlookSettings)}
        <style>{raw(refinements)}</style>
      </head>
      <body style={`margin:0;padding:0;background:${light.backdrop}`}>
        {/* A landmark for screen readers. Language and direction are repeated: many clients drop <html>. */}
        {/* biome-ignore lint/a11y/useSemanticElements: some clients drop <main>, none a <div> */}
        <div role="main" lang="en" dir="ltr">
          <div style="display:none;max-height:0;overflow:hidden;mso-hide:all">
            {preheader}
            {raw(previewFiller)}
          </div>
          <table
            class="d"
            role="presentation"
            width="100%"
            cellpadding="0"
            cellspacing="0"
            border={0}
            bgcolor={light.backdrop}
          >
            <tr>
              <td class="p" align="center" style="padding:16px 0">
                {raw(outlookColumn)}
                <table
                  class="s a"
                  role="presentation"
                  width="100%"
                  cellpadding="0"
                  cellspacing="0"
                  border={0}
                  bgcolor={light.surface}
                  style={`max-width:600px;border-top:4px solid ${light.link};text-align:left;word-break:break-word`}
                >
                  {children}
                </table>
                {raw(outlookColumnEnd)}
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html>
  );
}

/** One row of a mail; `ruled` puts a thin line above it. */
export function MailRow({ ruled = false, children }: { ruled?: boolean; children: Child }) {
  return (
    <tr>
      <td class={classes.cell} style={ruled ? styles.ruledCell : styles.cell}>
        {children}
      </td>
    </tr>
  );
}

/**
 * The button of a mail. The link has the padding, so that all of it can be pressed. For Word's engine the cell has it.
 */
export function BigButton({ href, label }: { href: string; label: string }) {
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" border={0} style="margin:22px 0 6px">
      <tr>
        <td
          class={classes.buttonCell}
          bgcolor={light.button}
          style={`background:${light.button};border-radius:6px;mso-padding-alt:14px 28px`}
        >
          <a
            class={classes.buttonLink}
            href={href}
            style={`display:inline-block;padding:14px 28px;font:bold 17px/22px ${sans};color:${light.onButton};text-decoration:none`}
          >
            {label}
          </a>
        </td>
      </tr>
    </table>
  );
}

/** The button's address as text, for clients in which the button can't be pressed. */
export function CopyLink({ href }: { href: string }) {
  return (
    <p class={classes.muted} style={styles.small}>
      If the button does not work, copy this address into your browser:
      <br />
      <a class={classes.link} href={href} style={`${styles.link};word-break:break-all`}>
        {href}
      </a>
    </p>
  );
}

/** The sender's postal address, which the law demands (CAN-SPAM § 7704(a)(5)). */
export function PostalAddress({ postalAddress }: { postalAddress: string }) {
  return postalAddress === '' ? null : (
    <p class={classes.muted} style={styles.small}>
      {postalAddress}
    </p>
  );
}

/** The line before a text part's footer, with its blank: mail clients take what follows for a signature (RFC 3676 section 4.3). */
export const signatureLine = '-- ';

/** A whole mail document. Pure: the same props give the same text. */
export function renderMail(props: MailFrameProps): string {
  return `<!DOCTYPE html>${String(<MailFrame {...props} />)}`;
}
