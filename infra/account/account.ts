import type { Resolver } from 'node:dns/promises';
import type { Fault } from '../stage-rules.ts';
import { dataStackOf, type Stage } from '../stages.ts';
import { certificateFaults, domainFaults } from './address.ts';
import type { Clients } from './clients.ts';
import { identityFaults, receiptFaults } from './mail.ts';
import { findStack } from './stacks.ts';
import { registrationFaults, zoneFaults } from './zone.ts';

/** The answer of the account and of DNS to a stage's settings. */
export interface Answer {
  /** The faults that forbid the deployment. */
  faults: Fault[];
  /** The questions that got no answer, each with the reason. A missing permission to ask does not stop a deployment. */
  unasked: string[];
}

/**
 * Asks whether the account lets a stage be deployed with its settings. It changes nothing.
 * @param resolver of DNS; without one, DNS is not asked
 */
export async function askAccount(stage: Stage, clients: Clients, resolver: Resolver | undefined): Promise<Answer> {
  const questions: [string, Promise<Fault[]>][] = [
    ["whether a deployed stage's data is kept", keepingFaults(stage, clients)],
    ["the sender's identity", identityFaults(stage, clients)],
    ['the receipt rule set', receiptFaults(stage, clients)],
    ['the certificate', certificateFaults(stage, clients)],
    ['the domain', domainFaults(stage, clients)],
    ['the hosted zone', zoneFaults(stage, clients, resolver)],
    ...(resolver ? [['the domains in DNS', registrationFaults(stage, resolver)] as [string, Promise<Fault[]>]] : []),
  ];
  const answers = await Promise.allSettled(questions.map(([, asked]) => asked));
  return {
    faults: answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : [])),
    unasked: answers.flatMap((answer, at) =>
      answer.status === 'rejected' ? `${questions[at]?.[0]}: ${(answer.reason as Error).message}` : [],
    ),
  };
}

/** Whether the settings would remove the protection of tables with readers' data. */
async function keepingFaults(stage: Stage, { cloudFormation }: Clients): Promise<Fault[]> {
  if (stage.keepData) return [];
  const name = dataStackOf(stage);
  const deployed = await findStack(cloudFormation, name);
  if (!deployed?.EnableTerminationProtection) return [];
  const is =
    'is false, and the deployed stage keeps its data: leave it true. If the data is really to go, end the protection first: ' +
    `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`;
  return [{ setting: 'keepData', is }];
}
