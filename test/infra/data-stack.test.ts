import { describe, expect, test } from 'vitest';
import { type TableDefinition, tables } from '../../shared/platform/tables.ts';
import { synthesise } from './synthesis.ts';

const definitions: [string, TableDefinition][] = Object.entries(tables);
const type = 'AWS::DynamoDB::GlobalTable';

/** The table of a definition: logical ids are the name and a hash. */
function findTable(template: ReturnType<typeof synthesise>['data'], name: string) {
  const found = Object.entries(template.findResources(type)).find(([id]) => id.startsWith(name));
  if (!found) throw new Error(`There is no table ${name}.`);
  return found[1];
}

describe('the data stack', () => {
  const { data } = synthesise();
  const { data: throwaway } = synthesise({ keepData: false });

  test('has one table for each definition and nothing else', () => {
    expect(Object.keys(data.findResources(type))).toHaveLength(definitions.length);
    const types = Object.values(data.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect([...new Set(types)]).toEqual([type]);
  });

  test.each(definitions)('makes %s with its keys, indexes and clean-up attribute', (name, definition) => {
    const { Properties } = findTable(data, name);
    expect(Properties.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Properties.TimeToLiveSpecification?.AttributeName).toBe(definition.ttl);
    const indexes = (Properties.GlobalSecondaryIndexes ?? []).map(
      (index: {
        IndexName: string;
        KeySchema: { AttributeName: string }[];
        Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
      }) => ({
        name: index.IndexName,
        partitionKey: index.KeySchema[0]?.AttributeName,
        sortKey: index.KeySchema[1]?.AttributeName,
        projection: index.Projection.NonKeyAttributes ?? index.Projection.ProjectionType,
      }),
    );
    expect(indexes).toEqual(definition.indexes ?? []);
  });

  test.each(definitions.filter(([, definition]) => definition.precious))('never loses %s', (name: string) => {
    const { Properties, ...table } = findTable(data, name);
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(Properties.Replicas).toMatchObject([
      { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    ]);
  });

  test('lets go of what can be rebuilt, and of everything in a stage that is not to be kept', () => {
    expect(findTable(data, 'Limits').DeletionPolicy).toBe('Delete');
    for (const [name] of definitions) {
      const table = findTable(throwaway, name);
      expect(table.DeletionPolicy).toBe('Delete');
      expect(table.Properties.Replicas[0].DeletionProtectionEnabled).not.toBe(true);
    }
  });
});
