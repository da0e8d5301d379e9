import { fork } from 'node:child_process';
import { once } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { createTables, tableNames } from '../local/tables.ts';
import { ingestReading } from '../shared/papers/ingest.ts';
import { parseArxiv } from '../shared/papers/sources/arxiv.ts';
import { parseHuggingFaceText } from '../shared/papers/sources/hugging-face.ts';
import type { SourceReading } from '../shared/papers/sources/source.ts';
import { createStores } from '../shared/stores/create-stores.ts';
import * as stores from '../shared/stores/definitions.ts';

/*
 * Papers a second that are read, merged and stored: new ones, the same again, with other votes, and from a second
 * source. The emulated DynamoDB is a process of its own. `npm run bench -- ingest [--papers 1000] [--json]`
 */

const day = '2026-11-23';
const clientOptions = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const abstract = 'We present a method that does more with less, and show in many experiments that it does. '.repeat(14);
const idOf = (n: number) => `2611.${String(n).padStart(5, '0')}`;

function huggingFace(papers: number, votes: number): string {
  const items = Array.from({ length: papers }, (_, n) => ({
    paper: {
      id: idOf(n),
      title: `A Method of Number ${n} for More with $\\ell_1$`,
      summary: abstract,
      authors: Array.from({ length: 8 }, (_, author) => ({ name: `Author ${author} of ${n}`, hidden: false })),
      publishedAt: '2026-11-20T00:00:00.000Z',
      submittedOnDailyAt: `${day}T00:00:00.000Z`,
      upvotes: votes + (n % 50),
      ai_summary: 'In short, it does more with less.',
      ai_keywords: ['methods', 'less', 'more'],
      githubRepo: 'https://github.com/example/method',
      githubStars: n,
    },
    numComments: n % 5,
    thumbnail: 'https://thumbnails.example/a.png',
  }));
  return JSON.stringify(items);
}

function arxiv(papers: number): string {
  const entries = Array.from(
    { length: papers },
    (_, n) => `<entry><id>http://arxiv.org/abs/${idOf(n)}v1</id><title>A Method of Number ${n}</title>
  <summary>${abstract}</summary><published>2026-11-20T00:00:00Z</published><updated>2026-11-20T00:00:00Z</updated>
  ${Array.from({ length: 8 }, (_, author) => `<author><name>Author ${author} of ${n}</name></author>`).join('')}
  <category term="cs.AI"/><category term="cs.LG"/></entry>`,
  );
  return `<feed xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id>${entries.join('\n')}</feed>`;
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

await run(async () => {
  const { papers, json } = readArguments('npm run bench -- ingest', 'how many papers a second are taken in', {
    input: z.object({ papers: wholeSchema(1, 99_999).default(1000).describe('papers'), json: jsonSchema }),
    options: { papers: 'N', json: '' },
  });
  const emulators = fork(new URL('./sending/emulators.ts', import.meta.url), { execArgv: process.execArgv });
  try {
    const [{ dynamodb }] = (await once(emulators, 'message')) as [{ dynamodb: string }];
    const client = new DynamoDBClient({ ...clientOptions, endpoint: dynamodb });
    await createTables(client, ['Papers']);
    const { papers: repository } = createStores(
      { dynamo: DynamoDBDocumentClient.from(client), tables: tableNames },
      { papers: stores.papers },
    );
    let readAt = Date.now();

    /** Parses and stores a text, and prints its speed. */
    async function measure(what: string, text: string, parse: (text: string, day: string) => SourceReading) {
      readAt += 1_000;
      const start = performance.now();
      const reading = parse(text, day);
      const parsed = performance.now();
      const { stored, unchanged, rejected } = await ingestReading(reading, {
        repository,
        publishEvents: async () => undefined,
        now: () => readAt,
      });
      const milliseconds = performance.now() - start;
      const result = {
        what,
        papers: reading.papers.length,
        stored,
        unchanged,
        rejected: rejected.length,
        parseMilliseconds: Math.round(parsed - start),
        papersPerSecond: Math.round((reading.papers.length / milliseconds) * 1000),
      };
      if (json) print(JSON.stringify(result));
      else {
        print(
          `${what.padEnd(24)} ${String(result.papersPerSecond).padStart(6)} papers/s: ${stored} stored, ${unchanged} ` +
            `unchanged, ${result.rejected} rejected; parsing took ${result.parseMilliseconds} ms`,
        );
      }
    }

    await measure('new papers', huggingFace(papers, 1), parseHuggingFaceText);
    await measure('the same again', huggingFace(papers, 1), parseHuggingFaceText);
    await measure('with other votes', huggingFace(papers, 2), parseHuggingFaceText);
    await measure('from arXiv, too', arxiv(papers), parseArxiv);
    client.destroy();
  } finally {
    emulators.disconnect();
  }
});
