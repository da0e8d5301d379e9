import type { Context, Hono } from 'hono';
import { createDigestContent } from '../../../shared/digests/content.ts';
import type { Digest } from '../../../shared/digests/digest.ts';
import { type Chosen, selectPapers } from '../../../shared/digests/select-papers.ts';
import { digestMail } from '../../../shared/email/digest-mail.tsx';
import { briefly, publicFor } from '../../../shared/http/caching.ts';
import { type Preferences, preferencesSchema } from '../../../shared/subscribers/preferences.ts';
import type { PublicServices } from '../services.ts';
import { previewPage } from './preview-view.tsx';

/** Newest dailies among which one with papers is looked for: a long holiday has notes alone. */
const newestDailies = 10;

/** The topics that a visitor typed into one line. */
export function topicsIn(typed: string): string[] {
  return typed.split(/[,;\n]/);
}

/** The papers that a new subscriber with these topics would have got. */
interface Preview {
  digest: Digest;
  chosen: Chosen[];
  wishes: Preferences;
}

/**
 * A preview: the newest daily, as it would have been for the topics that a visitor types. Nothing is stored,
 * and the selection is that of the mails.
 */
export function mountPreview(app: Hono, services: PublicServices): void {
  const contentOf = createDigestContent(services.digests);

  /** @returns undefined while there is no digest with papers */
  async function preview(wishes: Preferences): Promise<Preview | undefined> {
    const newest = (await services.digests.latest('daily', newestDailies)).find(({ paperCount }) => paperCount > 0);
    const state = newest && (await services.digests.getState(newest.id));
    if (!newest || !state) return undefined;
    const { digest, index } = await contentOf(newest.id, state.edition);
    return { digest, chosen: selectPapers(index, wishes), wishes };
  }

  /** The wishes of a request, and the fault of what was typed. */
  function wishesOf(c: Context) {
    const typed = c.req.query('topics') ?? '';
    const parsed = preferencesSchema.safeParse({ topics: topicsIn(typed) });
    if (parsed.success) return { typed, wishes: parsed.data };
    return { typed, problem: `A topic ${parsed.error.issues[0]?.message}.` };
  }

  app.get('/preview', publicFor(briefly), async c => {
    const { typed, wishes, problem } = wishesOf(c);
    if (!wishes) return c.html(previewPage({ typed, problem }), 400);
    return c.html(previewPage({ typed, shown: wishes.topics.length > 0 ? await preview(wishes) : undefined }));
  });

  app.get('/preview/mail', publicFor(briefly), async c => {
    const { wishes } = wishesOf(c);
    const shown = wishes && (await preview(wishes));
    if (!shown) return c.redirect('/preview');
    const { publicUrl } = services;
    const mail = digestMail(shown.digest, shown.chosen, {
      publicUrl,
      senderName: 'Daily Papers',
      postalAddress: '',
      unsubscribeUrl: `${publicUrl}/preferences`,
      preferencesUrl: `${publicUrl}/preferences`,
      voteTokenOf: () => 'sample',
      wishes,
    });
    return c.html(mail.html);
  });
}
