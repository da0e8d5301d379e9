import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSignUpWorld } from '../support/sign-up-world.ts';

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
beforeAll(async () => {
  world = await startSignUpWorld();
});
afterAll(() => world.stop());

test('answers to every mail that a reader asked for go where the stage says', async () => {
  const mailsAfter = async (path: string, fields: Record<string, string>) => {
    await world.form(path, fields);
    const mails = await world.mails();
    world.clock.now += 120_000;
    return mails;
  };
  const address = 'reader@example.org';
  const [confirmation, ...more] = await mailsAfter('/subscriptions', { email: address });
  await world.form(confirmation?.link ?? '');
  const [link] = await mailsAfter('/preferences/link', { email: address });
  const [move] = await mailsAfter(`/preferences/address?token=${world.manageTokenOf(address)}`, {
    email: 'moved@example.org',
  });
  expect(more).toEqual([]);
  for (const mail of [confirmation, link, move]) {
    expect(mail?.replyTo).toEqual([{ address: 'answers@papers.example.org', name: '' }]);
    expect(mail?.from?.address).toBe('daily@papers.example.org');
  }
});
