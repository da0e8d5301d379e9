import { Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Access, FunctionDefinition } from '../../shared/platform/resources.ts';
import type { TableDefinition } from '../../shared/platform/tables.ts';
import { keysParameterOf, type Stage } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';

const reading = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const writing = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'];

/** Every item of a table, for functions that read all of them. */
export function grantScan(to: ServiceFunction, table: TableV2): void {
  to.allow(['dynamodb:Scan'], [table.tableArn]);
}

/** Items by key and by index. No function but those of `grantScan` may scan, and none may change a table itself. */
export function grantTable(to: ServiceFunction, table: TableV2, definition: TableDefinition, access: Access): void {
  to.allow(access === 'write' ? [...reading, ...writing] : reading, [table.tableArn]);
  const indexes = (definition.indexes ?? []).map(index => `${table.tableArn}/index/${index.name}`);
  if (indexes.length > 0) to.allow(['dynamodb:Query'], indexes);
}

/** Sending mail from the stage's own address. Functions that send digests may also read the account's quota. */
export function grantMail(
  to: ServiceFunction,
  stage: Stage,
  configurationSets: readonly string[],
  kind: FunctionDefinition['sendsMail'],
): void {
  const arn = (resource: string) => Stack.of(to).formatArn({ service: 'ses', resource });
  to.allow(
    ['ses:SendRawEmail'],
    // SES checks the sender's identity and the configuration set, and in its sandbox the recipient's identity, too.
    [arn('identity/*'), ...configurationSets.map(name => arn(`configuration-set/${name}`))],
    { StringEquals: { 'ses:FromAddress': stage.senderAddress } },
  );
  const acknowledge = (finding: string, reason: string) =>
    Validations.of(to.role ?? to).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason });
  if (kind === 'digests') {
    to.allow(['ses:GetSendQuota'], ['*']);
    acknowledge('*', 'ses:GetSendQuota, a number of the whole account, is not made for any narrower resource.');
  }
  acknowledge(
    'arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*',
    'In the sandbox SES asks for the identity of each recipient; the condition holds the grant to one sender.',
  );
}

/** The key ring, encrypted with the account's `aws/ssm` key, which admits every reader of the parameter. */
export function grantKeys(to: ServiceFunction, stage: Stage): void {
  const resource = `parameter${keysParameterOf(stage)}`;
  to.allow(['ssm:GetParameter'], [Stack.of(to).formatArn({ service: 'ssm', resource })]);
}
