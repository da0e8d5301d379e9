import { createRequire } from 'node:module';

/** caniemail.com's data: of each feature, what each version of each client made of it (`y`, `n`, `u`, `a` with notes). */
interface Feature {
  slug: string;
  title: string;
  stats: Record<string, Record<string, Record<string, string>>>;
}

const { data } = createRequire(import.meta.url)('caniemail/caniemail.json') as { data: Feature[] };

/** The data names a property or element by itself, with a word like "property" around it, or together with its kin. */
const known = new Map<string, Feature>(
  data.flatMap(feature => {
    const kind = feature.slug.startsWith('css-') ? 'css' : 'html';
    const names = feature.title
      .replace(/ (property|CSS property|shorthand|element|attribute|keyword)$/, '')
      .split(/, | & /)
      .map(name => name.trim().replace(/ (property|CSS property|shorthand)$/, ''));
    return names.map(name => [`${kind} ${name}`, feature] as const);
  }),
);

/** Features that the data has under a name of its own. */
const aliases: Record<string, string> = {
  'css display:none': 'css display:none',
  'css !important': 'css !important',
  'html <h1>': 'html <h1> to <h6> elements',
  'html <h2>': 'html <h1> to <h6> elements',
  'html <b>': 'html <strong>',
};

/** Looks a feature up, as `css margin` or `html <table>`. @returns undefined when there is no data about it */
export function featureOf(name: string): Feature | undefined {
  return known.get(aliases[name] ?? name);
}

/** Gmail, Apple Mail and Yahoo everywhere, and Outlook with Word's engine. */
const wanted = ['gmail', 'apple-mail', 'yahoo', 'outlook.windows'];

/**
 * Where a feature is not fully supported in the newest versions: `gmail partly`, `outlook.windows not`, by the worst of a
 * family's clients. An untested one counts as not.
 */
export function gapsOf({ stats }: Feature): string[] {
  return wanted.flatMap(name => {
    const [family = '', only] = name.split('.');
    const clients = Object.entries(stats[family] ?? {}).filter(([client]) => !only || client === only);
    const support = clients.map(([, versions]) => Object.values(versions).at(-1)?.charAt(0) ?? 'u');
    if (support.some(one => one === 'n' || one === 'u')) return [`${name} not`];
    return support.length === 0 || support.includes('a') ? [`${name} partly`] : [];
  });
}

/** Every element, attribute, property, selector and at-rule that a mail of ours uses, outside of comments for Outlook. */
export function featuresIn(html: string): Set<string> {
  const shown = html.replace(/<!--.*?-->/gs, '');
  const style = /<style>(.*?)<\/style>/s.exec(shown)?.[1] ?? '';
  const body = shown.replace(style, '');
  const found = new Set<string>();
  for (const [, element = '', attributes = ''] of body.matchAll(/<([a-z][a-z0-9]*)((?:\s[\w:-]+="[^"]*")*)/g)) {
    found.add(`html <${element}>`);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/\s([\w:-]+)="([^"]*)"/g)) {
      found.add(`html ${attribute}`);
      if (attribute === 'style') addDeclarations(found, value);
    }
  }
  for (const [, rule = ''] of style.matchAll(/(@[a-z-]+[^{]*)\{/g)) {
    found.add(
      `css ${rule
        .trim()
        .replace(/^(@media) \((max|min)-width:.*$/, '$1')
        .replace(/:\w+\)/, ')')}`,
    );
  }
  const plain = style.replace(/@[a-z-]+[^{]*\{/g, '');
  for (const [, selectors = '', declarations = ''] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (selectors.includes(',')) found.add('css Grouping selectors');
    for (const selector of selectors.trim().split(',')) {
      if (selector.includes('.')) found.add('css Class selector');
      if (/\s/.test(selector)) found.add('css Descendant combinator');
      if (/(^|\s)[a-z]/.test(selector)) found.add('css Type selector');
      for (const [pseudo = ''] of selector.matchAll(/:+[a-z-]+/g)) found.add(`css ${pseudo}`);
    }
    addDeclarations(found, declarations);
  }
  return found;
}

function addDeclarations(found: Set<string>, declarations: string): void {
  for (const declaration of declarations.split(';')) {
    const [property = '', value = ''] = declaration.split(':');
    if (property.trim() === '') continue;
    // The data is about all sides together.
    found.add(`css ${property.trim().replace(/^(margin|padding|border)-(?:top|right|bottom|left|color)$/, '$1')}`);
    if (value.includes('!important')) found.add('css !important');
    if (`${property}:${value}` === 'display:none') found.add('css display:none');
  }
}
