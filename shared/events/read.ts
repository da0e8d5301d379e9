import * as z from 'zod';
import { type FunctionName, schedules } from '../platform/resources.ts';
import { type DomainEvent, type EventType, eventSchemas, eventSource } from './events.ts';
import { UnknownEventError } from './kind.ts';
import { eventRules } from './rules.ts';

/** The domain events by which a rule of the bus starts a function. */
type EventFor<Name extends FunctionName> = Extract<
  DomainEvent,
  { type: Extract<(typeof eventRules)[number], { target: Name }>['detailType'] }
>;

/** The cause of a function's start: its timer, a domain event, or an operator's request. */
export type Start<Name extends FunctionName, Asked = never> =
  | { by: 'timer' }
  | { by: 'bus'; event: EventFor<Name> }
  | { by: 'operator'; asked: Asked };

/** EventBridge Scheduler's own event, for a schedule without an input. Its detail is the text `{}`. */
const schedulerSchema = z.looseObject({
  source: z.literal('aws.scheduler'),
  'detail-type': z.literal('Scheduled Event'),
});
const inputSchema = z.strictObject({ timer: z.string() });
const busSchema = z.looseObject({ source: z.literal(eventSource), 'detail-type': z.string() });

/**
 * Makes a reader of the events of a Lambda that timers (`shared/platform/resources.ts`), rules (`rules.ts`) and
 * operators start. An absent or empty event counts as the timer's, so that an operator can start the timer's work by
 * hand.
 * @param operatorSchema the requests that an operator may make
 * @returns a reader that throws UnknownEventError on any other event
 */
export function createEventReader<Name extends FunctionName, Asked = never>(
  name: Name,
  operatorSchema?: z.ZodObject & z.ZodType<Asked>,
): (event: unknown) => Start<Name, Asked> {
  const timers = schedules.filter(({ target }) => target === name).map(({ input }) => input.timer);
  const types: EventType[] = eventRules.filter(({ target }) => target === name).map(({ detailType }) => detailType);
  const fields = Object.keys(operatorSchema?.shape ?? {});
  const expected = [
    ...(timers.length > 0 ? ['its timer'] : []),
    ...types,
    ...(fields.length > 0 ? [`an operator's {${fields.map(field => `${field}?`).join(', ')}}`] : []),
  ].join(', ');

  function isTimer(event: unknown): boolean {
    if (timers.length === 0) return false;
    const isEmpty = event === undefined || event === null || z.strictObject({}).safeParse(event).success;
    const timer = inputSchema.safeParse(event).data?.timer;
    return isEmpty || schedulerSchema.safeParse(event).success || (timer !== undefined && timers.includes(timer));
  }

  return event => {
    if (isTimer(event)) return { by: 'timer' };
    const named = busSchema.safeParse(event).data?.['detail-type'];
    const type = types.find(one => one === named);
    if (type !== undefined) {
      const detail = eventSchemas[type].safeParse((event as { detail?: unknown }).detail);
      if (!detail.success) throw new UnknownEventError(name, event, expected, detail.error);
      return { by: 'bus', event: { type, detail: detail.data } as EventFor<Name> };
    }
    const asked = operatorSchema?.strict().safeParse(event);
    if (asked?.success) return { by: 'operator', asked: asked.data as Asked };
    throw new UnknownEventError(name, event, expected, asked?.error);
  };
}
