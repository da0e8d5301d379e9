import type { Digest, DigestPaper } from '../../shared/digests/digest.ts';

/** A paper with everything that a digest can hold; texts as long as they usually are. */
export function samplePaper(number: number, changes: Partial<DigestPaper> = {}): DigestPaper {
  const id = `2611.${String(number).padStart(5, '0')}`;
  return {
    id,
    title: `Paper ${number}: Robust <Recovery> of Matrices & Tensors from "Few" Measurements under Heavy-Tailed Noise`,
    lead: `Lead ${number} says in a sentence or two what it is about, ${'and what came out of it, '.repeat(8)}in short.`,
    authors: ['Fírst Author-Námed', 'Second Author of the Sample', 'Thírd Ăuthor'],
    moreAuthors: 9,
    upvotes: 100 + number,
    url: `https://arxiv.org/abs/${id}`,
    pdfUrl: `https://arxiv.org/pdf/${id}`,
    codeUrl: `https://github.com/an-organization/robust-recovery-${number}`,
    ...changes,
  };
}

/** A paper of which everything is known that an entry can say. */
export function knownPaper(number: number, changes: Partial<DigestPaper> = {}): DigestPaper {
  const { id } = samplePaper(number);
  return samplePaper(number, {
    organization: 'University of Example',
    publishedAt: '2026-11-20T17:59:59.000Z',
    codeStars: 1_204,
    comments: 12,
    discussionUrl: `https://huggingface.co/papers/${id}`,
    projectUrl: 'https://an-organization.github.io/recovery/',
    keywords: ['matrix recovery', 'heavy tails'],
    thumbnailUrl: `https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/${id}.png`,
    ...changes,
  });
}

export function sampleDigest(papers: DigestPaper[], changes: Partial<Digest> = {}): Digest {
  return {
    id: 'daily-2026-11-23',
    kind: 'daily',
    date: '2026-11-23',
    status: 'ready',
    subject: 'Robust Recovery of Matrices and 19 more',
    papersOfDay: papers.length,
    papers,
    publishedAt: 1_795_489_200_000,
    freshUntil: 1_795_586_400_000,
    ...changes,
  };
}

/** The addresses that HTML links to, as a mail client reads them. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(match => unescapeHtml(match[1] ?? ''));
}

/** The words of HTML that a reader sees: no tags, style, comments or invisible preview. */
export function wordsOf(html: string): string {
  const shown = html
    .replace(/<!--.*?-->|<style>.*?<\/style>|<head>.*?<\/head>|<div style="display:none.*?<\/div>/gs, '')
    .replace(/<[^>]*>/g, ' ');
  return unescapeHtml(shown).replace(/\s+/g, ' ');
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** Parts that neither a mail nor a page may hold: scripts, handlers, pictures, anything fetched from elsewhere. */
export const activeOrRemote =
  /<script|<img|<iframe|<link rel="stylesheet|\son\w+=|\ssrc=|\sbackground=|url\(|@import|javascript:/i;
