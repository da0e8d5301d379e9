import { tryEach } from '../platform/try-each.ts';
import { type PlannerServices, type PlanningOutcome, planDueDigests } from './plan-due-digests.ts';
import { planMissedWelcomes, tendWelcomes, type Welcome } from './welcome.ts';
import type { WelcomeOutbox } from './welcome-outbox.ts';

/**
 * What each run of the timer does. A step that fails stops none of the others: with the event bus down, say, no old digest
 * can end, and today's is planned all the same.
 * @throws what failed, once all was tried
 */
export async function runPlanning(
  services: PlannerServices & { welcomes: WelcomeOutbox },
  welcome: Welcome,
  remaining: () => number,
): Promise<PlanningOutcome> {
  let outcome: PlanningOutcome = 'nothing to plan';
  const steps: (() => Promise<unknown>)[] = [
    () => tendWelcomes(services, remaining),
    async () => {
      outcome = await planDueDigests(services, remaining);
    },
    // Last: however many there are, nobody waits for their daily.
    () => planMissedWelcomes(services, welcome, remaining),
  ];
  await tryEach(steps, step => step());
  return outcome;
}
