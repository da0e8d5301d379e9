import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Emulator } from '../../local/dynamodb.ts';
import { guard } from '../../local/guard.ts';
import { close, listen } from '../../local/listen.ts';
import { parseForm, successXml } from '../../local/ses/protocol.ts';

/** Told of what was sent. */
export interface WireListener {
  /** @param queue the last part of the queue's URL */
  onMessage(queue: string, body: string, delayMilliseconds: number): void;
  /** A domain event, with its detail as JSON. */
  onEvent(type: string, detail: string): void;
  /** A message published to SNS, as its text. */
  onNotification(message: string): void;
}

interface SqsEntry {
  Id?: string;
  MessageBody: string;
  DelaySeconds?: number;
}

/**
 * The sending half of SQS, SNS and EventBridge on loopback: what the AWS SDK's clients say, nothing kept. The parent is
 * the other half, as it decides which worker gets what, and when.
 */
export async function startWire(listener: WireListener): Promise<Emulator> {
  const server = createServer((request, response) => {
    readBody(request).then(
      body => {
        const target = String(request.headers['x-amz-target'] ?? '');
        const text = target ? JSON.stringify(answerJson(target, JSON.parse(body))) : answerForm(body);
        const type = target ? 'application/x-amz-json-1.0' : 'text/xml';
        response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
      },
      () => response.destroy(),
    );
  });

  function answerJson(target: string, input: Record<string, unknown>): unknown {
    const queue =
      String(input.QueueUrl ?? '')
        .split('/')
        .at(-1) ?? '';
    const accept = (entry: SqsEntry) => {
      listener.onMessage(queue, entry.MessageBody, (entry.DelaySeconds ?? 0) * 1000);
      const MD5OfMessageBody = createHash('md5').update(entry.MessageBody).digest('hex');
      return { ...(entry.Id && { Id: entry.Id }), MessageId: randomUUID(), MD5OfMessageBody };
    };
    switch (target) {
      case 'AmazonSQS.SendMessage':
        return accept(input as unknown as SqsEntry);
      case 'AmazonSQS.SendMessageBatch':
        return { Successful: (input.Entries as SqsEntry[]).map(accept), Failed: [] };
      case 'AWSEvents.PutEvents': {
        const entries = input.Entries as { DetailType: string; Detail: string }[];
        for (const { DetailType, Detail } of entries) listener.onEvent(DetailType, Detail);
        return { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: randomUUID() })) };
      }
      default:
        throw new Error(`Nobody here answers ${target}.`);
    }
  }

  /** SNS speaks the query protocol. */
  function answerForm(body: string): string {
    const form = parseForm(body);
    const action = form.get('Action') ?? '';
    if (action !== 'PublishBatch') throw new Error(`Nobody here answers ${action}.`);
    for (let n = 1; form.has(`PublishBatchRequestEntries.member.${n}.Id`); n += 1) {
      listener.onNotification(form.get(`PublishBatchRequestEntries.member.${n}.Message`) ?? '');
    }
    return successXml(action, { Successful: '', Failed: '' });
  }

  return { endpoint: await listen(guard(server)), stop: () => close(server) };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
