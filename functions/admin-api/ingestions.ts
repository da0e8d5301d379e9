import type { Hono } from 'hono';
import { Problem } from '../../shared/http/problem.ts';
import { mount } from '../../shared/http/route.ts';
import { ingestReading } from '../../shared/papers/ingest.ts';
import { parseHuggingFaceText } from '../../shared/papers/sources/hugging-face.ts';
import { parsePage } from '../../shared/papers/sources/page.ts';
import { SourceError } from '../../shared/papers/sources/source.ts';
import * as contract from './contract.ts';
import type { AdminServices } from './services.ts';

const parsers = { page: parsePage, 'hugging-face': parseHuggingFaceText };

export function mountIngestions(app: Hono, services: AdminServices): void {
  mount(app, contract.ingest, async ({ body }) => {
    try {
      const reading = parsers[body.source](body.text, body.day);
      const result = await ingestReading(reading, { ...services, repository: services.papers });
      return { answer: { source: body.source, day: body.day, ...result } };
    } catch (error) {
      if (error instanceof SourceError) throw new Problem('source-failed', error.message);
      throw error;
    }
  });
}
