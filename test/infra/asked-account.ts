import { type Answers, AwsError } from '../support/aws-server.ts';

export const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555';

/** A resource of a deployed stack. */
export interface Made {
  stack: string;
  type: string;
  id: string;
}

/** An account, as far as it is asked before a deployment. */
export interface AskedAccount {
  made: Made[];
  /** Whether stacks can't be deleted. */
  isProtected: boolean;
  identities: Record<string, object>;
  /** Served by API Gateway. */
  domains: string[];
  certificate: Record<string, unknown> | undefined;
  zone: { name: string; isPrivate: boolean } | undefined;
  records: { name: string; type: string }[];
  activeRuleSet: string | undefined;
}

/** An account to which nothing was deployed, with a hosted zone and a certificate. */
export function newAccount(): AskedAccount {
  return {
    made: [],
    isProtected: true,
    identities: {},
    domains: [],
    certificate: { CertificateArn: certificateArn, DomainName: 'papers.home.arpa', Status: 'ISSUED' },
    zone: { name: 'home.arpa', isPrivate: false },
    records: [],
    activeRuleSet: 'inbound',
  };
}

const missing = (what: string) => new AwsError('ValidationError', `${what} does not exist`);
const notFound = (code: string) => new AwsError(code, 'No such thing.', 404);

/** The answers of AWS about an account; tests may change the account on the way. */
export function answersOf(world: AskedAccount): Answers {
  return {
    DescribeStacks: ({ StackName: name }) => {
      if (!world.made.some(({ stack }) => stack === name)) throw missing(`Stack with id ${name}`);
      const protection = { EnableTerminationProtection: world.isProtected };
      const since = { CreationTime: '2026-11-20T10:00:00Z' };
      return { Stacks: [{ StackName: name, StackStatus: 'CREATE_COMPLETE', ...since, ...protection }] };
    },
    DescribeStackResources: ({ StackName: name, PhysicalResourceId: wanted }) => {
      const stack = name ?? world.made.find(({ id }) => id === wanted)?.stack;
      const made = world.made.filter(each => each.stack === stack);
      if (made.length === 0) throw missing(`Stack for ${name ?? wanted}`);
      return {
        StackResources: made.map(({ type, id }) => ({
          StackName: stack,
          LogicalResourceId: 'Made',
          ResourceType: type,
          PhysicalResourceId: id,
          ResourceStatus: 'CREATE_COMPLETE',
          Timestamp: '2026-11-20T10:00:00Z',
        })),
      };
    },
    GetEmailIdentity: ({ EmailIdentity: name }) => {
      const identity = world.identities[String(name)];
      if (!identity) throw notFound('NotFoundException');
      return identity;
    },
    DescribeActiveReceiptRuleSet: () => (world.activeRuleSet ? { Metadata: { Name: world.activeRuleSet } } : {}),
    DescribeCertificate: () => {
      if (!world.certificate) throw new AwsError('ResourceNotFoundException');
      return { Certificate: world.certificate };
    },
    GetDomainName: ({ DomainName: name }) => {
      if (!world.domains.includes(String(name))) throw notFound('NotFoundException');
      return { DomainName: name };
    },
    GetHostedZone: ({ Id }) => {
      if (!world.zone) throw notFound('NoSuchHostedZone');
      const { name, isPrivate } = world.zone;
      return {
        HostedZone: { Id, Name: `${name}.`, CallerReference: 'x', Config: { PrivateZone: isPrivate } },
        DelegationSet: { NameServers: ['ns-1.awsdns.home.arpa', 'ns-2.awsdns.home.arpa'] },
      };
    },
    ListResourceRecordSets: ({ name, type }) => ({
      ResourceRecordSets: world.records
        .filter(record => record.name === name && record.type === type)
        .map(record => ({ Name: `${record.name}.`, Type: record.type, TTL: 60 })),
      IsTruncated: false,
      MaxItems: 1,
    }),
  };
}
