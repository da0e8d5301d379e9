/** Every table of the system, defined once: `infra/` makes CDK constructs of them, `local/` tables of an emulator. */

export interface IndexDefinition {
  name: string;
  partitionKey: string;
  sortKey: string;
  /** The attributes in the index: all, only the keys, or the keys and these attributes. */
  projection: 'ALL' | 'KEYS_ONLY' | readonly string[];
}

/** A DynamoDB table. All keys are strings; `docs/storage-schema.md` describes the items. */
export interface TableDefinition {
  /** Name of the environment variable that carries the deployed table's name. */
  environment: string;
  indexes?: IndexDefinition[];
  /**
   * Attribute (epoch seconds) by which DynamoDB deletes old items. Code compares the time itself, as DynamoDB deletes
   * late.
   */
  ttl?: string;
  /**
   * Whether the data can't be rebuilt: then the table has point-in-time recovery and deletion protection, and is
   * retained.
   */
  precious: boolean;
}

/** Every table has the partition key `pk` and the sort key `sk`. */
export const tables = {
  Papers: {
    environment: 'PAPERS_TABLE',
    indexes: [
      { name: 'byDay', partitionKey: 'day', sortKey: 'pk', projection: 'ALL' },
      { name: 'byUpvotes', partitionKey: 'listed', sortKey: 'upvotesPlace', projection: 'KEYS_ONLY' },
      { name: 'byPublished', partitionKey: 'listed', sortKey: 'publishedPlace', projection: 'KEYS_ONLY' },
      { name: 'byNews', partitionKey: 'news', sortKey: 'newsAt', projection: 'KEYS_ONLY' },
    ],
    precious: true,
  },
  Snapshots: { environment: 'SNAPSHOTS_TABLE', ttl: 'expiresAt', precious: false },
  Search: { environment: 'SEARCH_TABLE', ttl: 'expiresAt', precious: false },
  Subscribers: {
    environment: 'SUBSCRIBERS_TABLE',
    indexes: [
      { name: 'bySendHour', partitionKey: 'sendSlot', sortKey: 'pk', projection: 'ALL' },
      { name: 'byShard', partitionKey: 'shard', sortKey: 'pk', projection: 'KEYS_ONLY' },
    ],
    ttl: 'expiresAt',
    precious: true,
  },
  Votes: { environment: 'VOTES_TABLE', precious: true },
  Consents: { environment: 'CONSENTS_TABLE', ttl: 'expiresAt', precious: true },
  Digests: {
    environment: 'DIGESTS_TABLE',
    indexes: [
      {
        name: 'byKind',
        partitionKey: 'kind',
        sortKey: 'date',
        // All but the papers, which are some hundred times as large: `listedDigestSchema`.
        projection: ['status', 'subject', 'publishedAt', 'freshUntil', 'finishedAt', 'statusReason', 'paperCount'],
      },
    ],
    precious: true,
  },
  Deliveries: {
    environment: 'DELIVERIES_TABLE',
    indexes: [{ name: 'openBatches', partitionKey: 'openIn', sortKey: 'pk', projection: 'KEYS_ONLY' }],
    ttl: 'expiresAt',
    precious: true,
  },
  Limits: { environment: 'LIMITS_TABLE', ttl: 'expiresAt', precious: false },
} as const satisfies Record<string, TableDefinition>;

export type TableName = keyof typeof tables;
