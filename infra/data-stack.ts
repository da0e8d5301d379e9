import { type App, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IndexDefinition, type TableDefinition, type TableName, tables } from '../shared/platform/tables.ts';
import type { Stage } from './stages.ts';

/** The tables, which must never be lost. `keys.ts` makes the keys: CloudFormation can't make an SSM SecureString. */
export class DataStack extends Stack {
  readonly tables: Record<TableName, TableV2>;

  constructor(app: App, id: string, stage: Stage) {
    super(app, id, {
      description: `Daily Papers (${stage.name}): the tables`,
      terminationProtection: stage.keepData,
    });
    const entries = Object.entries(tables).map(([name, definition]) => [name, this.addTable(name, definition, stage)]);
    this.tables = Object.fromEntries(entries) as Record<TableName, TableV2>;
  }

  private addTable(name: string, definition: TableDefinition, stage: Stage): TableV2 {
    const protect = definition.precious && stage.keepData;
    const key = (attribute: string) => ({ name: attribute, type: AttributeType.STRING });
    const table = new TableV2(this, name, {
      partitionKey: key('pk'),
      sortKey: key('sk'),
      globalSecondaryIndexes: (definition.indexes ?? []).map(index => ({
        indexName: index.name,
        partitionKey: key(index.partitionKey),
        sortKey: key(index.sortKey),
        ...projectionOf(index),
      })),
      ...(definition.ttl && { timeToLiveAttribute: definition.ttl }),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: definition.precious },
      deletionProtection: protect,
      removalPolicy: protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    if (!definition.precious) {
      const reason = 'Counters and clocks that are worthless a day later, so no backup is needed.';
      Validations.of(table).acknowledge({ id: 'AwsSolutions-DDB3', reason });
    }
    new CfnOutput(this, `${name}TableName`, { value: table.tableName });
    return table;
  }
}

function projectionOf({ projection }: IndexDefinition) {
  if (typeof projection === 'string') return { projectionType: ProjectionType[projection] };
  return { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...projection] };
}
