import { createHash } from 'node:crypto';

const slugCharacters = 160;

/**
 * Names a title by ASCII letters, digits and hyphens, at most 177 characters. The name is made of the title as the page
 * has it: better rules for TeX must not give a known paper a new id.
 */
export function slugOf(title: string): string {
  const slug = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (slug !== '' && slug.length <= slugCharacters) return slug;
  const digest = createHash('sha256').update(title).digest('hex').slice(0, 16);
  return slug === '' ? digest : `${slug.slice(0, slugCharacters).replace(/-$/, '')}-${digest}`;
}
