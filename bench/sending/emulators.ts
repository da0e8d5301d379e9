import { startDynamoDB } from '../../local/dynamodb.ts';
import { startSes } from '../../local/ses/ses.ts';

/* The emulators in a process of their own, so that a bench measures only the product's work. */

const database = await startDynamoDB();
const ses = await startSes({ behaviour: { ratePerSecond: 1_000_000, dailyQuota: 1e9 }, remember: false });
process.send?.({ dynamodb: database.endpoint, ses: ses.endpoint });
process.on('message', message => {
  if (message === 'calls') process.send?.({ calls: ses.calls() });
});
process.on('disconnect', () => process.exit());
