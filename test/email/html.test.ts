import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { allMails } from './all-mails.ts';

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:standard', 'html-validate:document'],
    rules: {
      // Old HTML that mail clients need and browsers have outgrown: tables that lay out, attributes, styles on elements.
      'no-deprecated-attr': 'off',
      'no-inline-style': 'off',
      'no-implicit-tbody': 'off',
      'attribute-boolean-style': 'off',
      // Some clients drop <main>, none a <div>.
      'prefer-native-element': 'off',
      // Comments for Outlook.
      'no-conditional-comment': 'off',
      // A way of writing: `<br/>`, `<!DOCTYPE html>`.
      'void-style': 'off',
      'doctype-style': 'off',
      'no-trailing-whitespace': 'off',
      'long-title': 'off',
    },
  }),
);

async function faultsOf(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  return report.results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}

describe.each(Object.entries(allMails))('the mail: %s', (_, mail) => {
  test('is valid HTML', async () => {
    expect([...new Set(await faultsOf(mail.html))]).toEqual([]);
  });

  test('reads the same in its snapshot', () => {
    expect(`Subject: ${mail.subject}\n\n${mail.text}`).toMatchSnapshot('text');
    // One tag a line, so that a change can be read.
    expect(mail.html.replace(/(?=<(?!\/?(?:a|b|br)\b))/g, '\n')).toMatchSnapshot('HTML');
  });
});

test('HTML that is not valid is found', async () => {
  const faults = (await faultsOf('<!DOCTYPE html><html><p><table></p><tr><td></table>')).join('\n');
  expect(faults).toContain('close-order');
  expect(faults).toContain('element-permitted-content');
});
