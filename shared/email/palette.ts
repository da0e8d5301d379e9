/**
 * The colours and fonts of mails and pages. A test holds that every text colour reaches the contrast of WCAG 2.2 AA
 * (4.5 : 1) on both backgrounds of its theme.
 */
export interface Theme {
  /** Around the column. */
  backdrop: string;
  /** Behind the text. */
  surface: string;
  ink: string;
  /** Less important text. */
  muted: string;
  /** Thin rules. */
  line: string;
  link: string;
  /** Behind the words on a button. */
  button: string;
  /** The words on a button. */
  onButton: string;
  /** Error texts. */
  problem: string;
}

export const light: Theme = {
  backdrop: '#eef1f4',
  surface: '#ffffff',
  ink: '#161b22',
  muted: '#56616d',
  line: '#d9dfe5',
  link: '#15529e',
  button: '#15529e',
  onButton: '#ffffff',
  problem: '#ab1f1f',
};

export const dark: Theme = {
  backdrop: '#0e1217',
  surface: '#161b22',
  ink: '#e8ebef',
  muted: '#a2adb9',
  line: '#2e3640',
  link: '#8fbcf5',
  button: '#8fbcf5',
  onButton: '#0e1217',
  problem: '#ff9c94',
};

/** Unquoted, so that a style attribute needs no escapes. The first font of each exists on Windows, for Outlook. */
export const serif = 'Georgia,Times New Roman,serif';
export const sans = 'Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif';
