import { tryEach } from '../platform/try-each.ts';
import { planCatchUps } from './catch-up.ts';
import type { Pauses } from './pauses.ts';
import { type PlannerServices, type PlanningOutcome, planDueDigests } from './plan-due-digests.ts';
import { planMissedWelcomes, tendWelcomes, type Welcome } from './welcome.ts';
import type { WelcomeOutbox } from './welcome-outbox.ts';

/**
 * One run of the planner's timer. A step that fails stops no other: when the event bus is down, no old digest can end,
 * but today's is planned.
 * @throws the failed steps' errors, after all steps were tried
 */
export async function runPlanning(
  services: PlannerServices & { welcomes: WelcomeOutbox; pauses: Pauses },
  welcome: Welcome,
  remaining: () => number,
): Promise<PlanningOutcome> {
  let outcome: PlanningOutcome = 'nothing to plan';
  const steps: (() => Promise<unknown>)[] = [
    () => tendWelcomes(services, remaining),
    async () => {
      outcome = await planDueDigests(services, remaining);
    },
    // The last steps, so that many of these do not delay the dailies.
    () => planMissedWelcomes(services, welcome, remaining),
    () => planCatchUps(services, remaining),
  ];
  await tryEach(steps, step => step());
  return outcome;
}
