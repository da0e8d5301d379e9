import { expect, test } from 'vitest';
import { allMails } from './all-mails.ts';
import { featureOf, featuresIn, gapsOf } from './features.ts';

/*
 * Each feature that our mails use is looked up in caniemail.com's data for Gmail, Apple Mail, Yahoo and Outlook with Word's engine.
 * A feature that one of them does not fully support is accepted here, by the gap and with a reason; no other is.
 */

const accepted: { because: string; gaps: Record<string, string[]> }[] = [
  {
    because:
      'refines only: without <style> (Gmail with an address of another provider) or without one rule of it, the inline styles alone give the light mail, and links look as that client shows links',
    gaps: {
      'html <style>': ['gmail not', 'outlook.windows partly'],
      'css Class selector': ['gmail not'],
      'css Descendant combinator': ['gmail not'],
      'css Grouping selectors': ['gmail not'],
      'css Type selector': ['gmail not'],
      'css @media': ['gmail not', 'yahoo partly', 'outlook.windows not'],
      'css @media (prefers-color-scheme)': ['gmail not', 'yahoo not', 'outlook.windows not'],
      'css text-wrap': ['gmail not', 'yahoo not', 'outlook.windows not'],
    },
  },
  {
    because:
      'written in lower case, with a blank before it, and in <style> alone, as those want it that keep <style> at all',
    gaps: { 'css !important': ['gmail partly', 'yahoo partly', 'outlook.windows partly'] },
  },
  {
    because:
      'says that the mail has a dark theme of its own; where it is not understood, the client darkens as it likes',
    gaps: {
      'css color-scheme': ['gmail not', 'yahoo not', 'outlook.windows not'],
    },
  },
  {
    because: 'of its values only those are used that are supported: colours, pixels, one line, left, inline-block',
    gaps: {
      'css background': ['yahoo partly', 'outlook.windows partly'],
      'css font-size': ['yahoo partly', 'outlook.windows partly'],
      'css text-align': ['gmail partly', 'yahoo partly', 'outlook.windows partly'],
      'css text-decoration': ['gmail partly', 'outlook.windows partly'],
      'css display': ['gmail partly', 'yahoo partly', 'outlook.windows partly'],
      'html width': ['outlook.windows partly'],
    },
  },
  {
    because:
      'negative only where links are moved to the left by their own padding: else they stand some pixels further in',
    gaps: { 'css margin': ['gmail partly', 'yahoo partly', 'outlook.windows partly'] },
  },
  {
    because:
      'Word pads table cells alone: there the padding of a link is missing, which a thumb needs and a mouse does not',
    gaps: { 'css padding': ['outlook.windows partly'] },
  },
  {
    because: 'on tables and their cells alone, where Word draws it',
    gaps: { 'css border': ['outlook.windows partly'] },
  },
  {
    because: 'Word gets a table of fixed width in a comment of its own; a table that is too wide for a phone is not',
    gaps: { 'css max-width': ['yahoo partly', 'outlook.windows partly'] },
  },
  {
    because: 'the preview is hidden in several ways, of which each client knows one; Word has mso-hide',
    gaps: {
      'css display:none': ['gmail not', 'outlook.windows partly'],
      'css max-height': ['outlook.windows not'],
      'css overflow': ['gmail partly', 'apple-mail partly', 'yahoo partly', 'outlook.windows not'],
    },
  },
  {
    because: 'for words longer than a line, and looks no worse without',
    gaps: { 'css word-break': ['gmail partly', 'apple-mail partly', 'yahoo not'] },
  },
  {
    because: 'corners of a button, which may be square',
    gaps: { 'css border-radius': ['yahoo partly', 'outlook.windows not'] },
  },
  {
    because:
      'of pictures alone: a client that does not scale them takes the width and height of the attributes, which fit its column',
    gaps: {
      'css height': ['yahoo not', 'outlook.windows partly'],
      'css width': ['outlook.windows partly'],
      'html height': ['outlook.windows partly'],
    },
  },
  {
    because: 'what it has is on the table in it, too',
    gaps: { 'html <body>': ['gmail partly', 'yahoo not'] },
  },
  {
    because: 'left to right is what a client takes an English mail for by itself',
    gaps: { 'html dir': ['gmail partly', 'outlook.windows partly'] },
  },
  {
    because: 'kept where we have them: on <html> and paragraphs, and on tables',
    gaps: { 'html lang': ['yahoo partly'], 'html role': ['yahoo partly'] },
  },
];

/** Older than the differences between clients, so that nobody has tested them; and what is Word's own. */
const withoutData = [
  ...['a', 'br', 'head', 'html', 'meta', 'td', 'title', 'tr'].map(name => `html <${name}>`),
  ...['alt', 'bgcolor', 'border', 'charset', 'class', 'content', 'href', 'name', 'src', 'style', 'xmlns:o'].map(
    name => `html ${name}`,
  ),
  ...[':root', 'color', 'font-family'].map(name => `css ${name}`),
  ...['mso-hide', 'mso-padding-alt', 'supported-color-schemes'].map(name => `css ${name}`),
];

const used = [...new Set(Object.values(allMails).flatMap(({ html }) => [...featuresIn(html)]))];

test('each feature that our mails use is supported by the clients that matter, or its gap is accepted for a reason', () => {
  const gaps = used.flatMap(name => {
    const feature = featureOf(name);
    const found = feature ? gapsOf(feature) : [];
    return found.length > 0 ? [[name, found] as const] : [];
  });
  expect(Object.fromEntries(gaps)).toEqual(Object.assign({}, ...accepted.map(one => one.gaps)));
});

test('there is data about all of it, but for the oldest', () => {
  expect(used.filter(name => !featureOf(name)).sort()).toEqual(withoutData.sort());
});

test('a feature that is not supported is found', () => {
  const html =
    '<style>@media (hover){p>a{gap:1px}}</style><p style="position:fixed;display:grid"><svg></svg><p style="x-unknown:1">';
  const names = [...featuresIn(html)];
  for (const name of ['css @media (hover)', 'css gap', 'css position', 'html <svg>', 'css x-unknown']) {
    expect(names).toContain(name);
  }
  const position = featureOf('css position');
  expect(position && gapsOf(position)).toContain('outlook.windows not');
  expect(featureOf('css x-unknown')).toBeUndefined();
});
