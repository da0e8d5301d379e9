import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

/** The version of the words that the sign-up form and the confirmation mail show; raise it when they change. */
export const wordingVersion = '2026-11-23';

/** Where a request came from, as the gateway saw it. */
export const requestOriginSchema = z.object({ ip: z.string().optional(), userAgent: z.string().max(512).optional() });

export type RequestOrigin = z.infer<typeof requestOriginSchema>;

/** One append-only entry of who agreed to what, when, from where, under which wording. */
export interface ConsentRecord {
  subscriberId: string;
  /** Epoch milliseconds. */
  at: number;
  action: 'requested' | 'confirmed' | 'unsubscribed' | 'complained' | 'bounced' | 'restored';
  /** Which way it came: the page, the API, the mail client's one-click button, or what SES reported. */
  by: 'page' | 'api' | 'one-click' | 'feedback';
  origin: RequestOrigin;
}

export type RecordConsent = (record: ConsentRecord) => Promise<void>;

/** Appends to the Consents table; an entry is never changed. */
export function createConsentRecorder(dynamo: DynamoDBDocumentClient, tableName: string): RecordConsent {
  return async record => {
    const { subscriberId, at, ...rest } = record;
    const sk = `${new Date(at).toISOString()}#${record.action}`;
    await dynamo.send(
      new PutCommand({ TableName: tableName, Item: { pk: subscriberId, sk, wording: wordingVersion, ...rest } }),
    );
  };
}
