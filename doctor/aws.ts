import type { Resolver } from 'node:dns/promises';
import { GetAccountCommand } from '@aws-sdk/client-sesv2';
import { isUnowned } from '../infra/domain-names.ts';
import { domainOf } from '../shared/email/headers.ts';
import { readSettings, readTables } from '../shared/platform/environment.ts';
import { judgeSandbox, judgeSending } from './account.ts';
import { askHealth, findCertificate, judgeHealth } from './address.ts';
import { alarmTopicIn, judgeAlarmAddress, listSubscriptions } from './alarms.ts';
import { type Check, type Finding, failed, ok, unknown } from './check.ts';
import type { Clients } from './clients.ts';
import { judgeConcurrency, judgeConsumers, rateOfSenders, readConcurrency, readConsumers } from './concurrency.ts';
import { countDeadLetters, deadLetterQueuesIn, judgeDeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { findDmarc, judgeDmarc } from './dmarc.ts';
import { judgeDkim, judgeMailFrom, judgeVerified, readIdentities } from './identity.ts';
import { judgeKeyBackup, judgeKeyRing, readKeyRingState } from './keys.ts';
import { questions } from './questions.ts';
import { judgeQuota, judgeSenders, judgeShares, readAllowed } from './quota.ts';
import { countReaders } from './readers.ts';
import { judgeTimer, readTimer } from './timers.ts';

/** The services outside of the deployment. */
export interface Surroundings {
  clients: Clients;
  resolver: Resolver;
  /** Epoch ms. */
  now: number;
}

/** Asks for a fact once, however many checks need it. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** Every check of a deployed stage. */
export function awsChecks(deployment: Deployment, surroundings: Surroundings): Check[] {
  return [
    stacksCheck(deployment),
    ...mailChecks(deployment, surroundings),
    ...sendingChecks(deployment, surroundings),
    ...addressChecks(deployment, surroundings.now),
    ...alarmChecks(deployment, surroundings),
    ...timerChecks(deployment, surroundings),
    ...keyChecks(deployment, surroundings),
    deadLetterCheck(deployment, surroundings),
  ];
}

/** A check that only AWS can answer. MiniStack answers it alike for every deployment. */
function ofAwsAlone({ isEmulated }: Deployment, check: Check): Check {
  return isEmulated ? { ...check, find: async () => unknown(`MiniStack does not know ${check.asks}.`) } : check;
}

function stacksCheck({ stacks }: Deployment): Check {
  const find = async (): Promise<Finding> => {
    const broken = stacks.filter(({ status }) => !/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status));
    if (broken.some(({ status }) => status.endsWith('_IN_PROGRESS'))) {
      return unknown('A deployment is under way.', 'Look again when it has ended.');
    }
    if (broken.length === 0) return ok(`The stacks are complete: ${stacks.map(({ name }) => name).join(', ')}.`);
    return failed(
      `The last deployment did not end well: ${broken.map(({ name, status }) => `${name} is ${status}`).join(', ')}.`,
      'See the events of the stack in the CloudFormation console, and deploy again.',
    );
  };
  return { group: 'Deployment', name: 'stacks', asks: 'whether the stacks are complete', find };
}

function mailChecks(deployment: Deployment, { clients, resolver }: Surroundings): Check[] {
  const group = 'Mail identity';
  const sender = once(async () => settingOf(await deployment.environmentOf('send-digest'), 'SENDER_ADDRESS'));
  const identities = once(async () => readIdentities(clients.sesV2, await sender()));
  const dmarc = async () => {
    const domain = domainOf(await sender());
    if (deployment.isEmulated && isUnowned(domain))
      return unknown(`${domain} is a name for examples, which DNS does not know.`);
    return judgeDmarc(domain, await findDmarc(resolver, domain));
  };
  const identity = async () => judgeVerified(await sender(), await identities());
  const dkim = async () => judgeDkim(await sender(), await identities());
  const mailFrom = async () => judgeMailFrom(await sender(), await identities(), deployment.region);
  return [
    ofAwsAlone(deployment, { group, name: 'identity', asks: questions.identity, find: identity }),
    ofAwsAlone(deployment, { group, name: 'dkim', asks: questions.dkim, find: dkim }),
    ofAwsAlone(deployment, { group, name: 'mail-from', asks: questions.mailFrom, find: mailFrom }),
    { group, name: 'dmarc', asks: questions.dmarc, find: dmarc },
  ];
}

/** A variable of a function's environment, read as the function itself reads it. */
function settingOf<Name extends Parameters<typeof readSettings>[0][number]>(
  environment: Record<string, string>,
  name: Name,
) {
  return readSettings([name], environment)[name];
}

function sendingChecks(deployment: Deployment, { clients, now }: Surroundings): Check[] {
  const group = 'Sending';
  const account = once(() => clients.sesV2.send(new GetAccountCommand({})));
  const settings = () => deployment.environmentOf('send-digest');
  const consumers = once(() => readConsumers(clients.lambda, deployment.name));
  const sendersRate = async () => rateOfSenders(await consumers());
  const allowed = once(async () => {
    const share = settingOf(await settings(), 'CONFIRMATION_SHARE');
    return readAllowed(clients.ses, share, settingOf(await settings(), 'RATE_SHARE'));
  });
  const quota = async () => {
    const table = readTables(['Subscribers'], await settings()).Subscribers;
    const counting = countReaders(clients.dynamoDB, table, now);
    const [{ perDay, perSecond }, { due, isEstimate }, most] = await Promise.all([allowed(), counting, sendersRate()]);
    return judgeQuota({ perDay, perSecond: Math.min(perSecond, most) }, due, isEstimate);
  };
  const shares = async () => {
    const all = [deployment.name, ...deployment.others].map(
      async name => [name, settingOf(await deployment.environmentOf('send-digest', name), 'RATE_SHARE')] as const,
    );
    return judgeShares(new Map(await Promise.all(all)));
  };
  const aws: Check[] = [
    { group, name: 'sandbox', asks: questions.sandbox, find: async () => judgeSandbox(await account()) },
    { group, name: 'sending', asks: questions.sending, find: async () => judgeSending(await account()) },
    { group, name: 'quota', asks: questions.quota, find: quota },
    {
      group,
      name: 'senders',
      asks: 'whether there are enough senders for the rate',
      find: async () => judgeSenders(await allowed(), await sendersRate()),
    },
    {
      group,
      name: 'concurrency',
      asks: questions.concurrency,
      find: async () => judgeConcurrency(await readConcurrency(clients.lambda, deployment.name), await consumers()),
    },
  ];
  return [
    ...aws.map(check => ofAwsAlone(deployment, check)),
    { group, name: 'rate-shares', asks: 'whether other stages use the same sending rate', find: shares },
    {
      group,
      name: 'consumers',
      asks: 'whether every queue is worked off',
      find: async () => judgeConsumers(await consumers()),
    },
  ];
}

function addressChecks(deployment: Deployment, now: number): Check[] {
  const group = 'Public address';
  const publicUrl = once(async () => settingOf(await deployment.environmentOf('public-api'), 'PUBLIC_URL'));
  return [
    {
      group,
      name: 'health',
      asks: questions.health,
      find: async () => judgeHealth(await publicUrl(), deployment.name, await askHealth(await publicUrl())),
    },
    {
      group,
      name: 'certificate',
      asks: questions.certificate,
      find: async () => findCertificate(await publicUrl(), now),
    },
  ];
}

function alarmChecks({ resources, isEmulated }: Deployment, { clients }: Surroundings): Check[] {
  const find = async () => {
    const topic = alarmTopicIn(resources);
    const subscriptions = topic === undefined ? undefined : await listSubscriptions(clients.sns, topic);
    return judgeAlarmAddress(subscriptions, isEmulated);
  };
  return [{ group: 'Alarms', name: 'alarm-address', asks: questions.alarmAddress, find }];
}

function timerChecks({ name: deployment, resources, isEmulated }: Deployment, { clients, now }: Surroundings): Check[] {
  const timers = resources.filter(({ type }) => type === 'AWS::Scheduler::Schedule');
  return timers.map(({ physicalId }) => {
    const name = physicalId.replace(`${deployment}-`, '');
    const find = async () => judgeTimer(name, await readTimer(clients, deployment, name, now), isEmulated, now);
    return { group: 'Timers', name: `timer-${name}`, asks: `whether the timer of ${name} runs`, find };
  });
}

function keyChecks(deployment: Deployment, { clients }: Surroundings): Check[] {
  const group = 'Key ring';
  const environment = () => deployment.environmentOf('public-api');
  const parameter = async () => settingOf(await environment(), 'KEYS_PARAMETER') ?? '';
  const state = once(async () => readKeyRingState(clients.ssm, await parameter()));
  return [
    {
      group,
      name: 'key-ring',
      asks: questions.keyRing,
      find: async () => judgeKeyRing(await parameter(), await state(), (await environment()).KEYS_VERSION ?? ''),
    },
    {
      group,
      name: 'key-backup',
      asks: questions.keyBackup,
      find: async () => judgeKeyBackup(await parameter(), await state()),
    },
  ];
}

function deadLetterCheck({ resources }: Deployment, { clients }: Surroundings): Check {
  const find = async () => judgeDeadLetters(await countDeadLetters(clients.sqs, deadLetterQueuesIn(resources)));
  return { group: 'Dead letters', name: 'dead-letters', asks: questions.deadLetters, find };
}
