import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSignUpWorld } from '../support/sign-up-world.ts';

let world: Awaited<ReturnType<typeof startSignUpWorld>>;
beforeAll(async () => {
  world = await startSignUpWorld();
});
afterAll(() => world.stop());

describe('hour and zone, which the sign-up form does not ask for', () => {
  const confirmWith = async (address: string, fields: Record<string, string>) => {
    await world.post('/v1/subscriptions', {
      email: address,
      preferences: { topics: ['cs.CL'], timeZone: 'Asia/Tokyo' },
    });
    const link = (await world.mails())[0]?.link ?? '';
    const page = await world.app.request(link);
    const answer = await world.form(link, fields);
    return { link, page: await page.text(), policy: page.headers.get('content-security-policy'), answer };
  };

  test('are chosen with the confirmation; pressing again changes nothing', async () => {
    const email = 'chooser@example.org';
    const { link, page, policy, answer } = await confirmWith(email, { sendHour: '18', timeZone: 'Europe/Berlin' });
    expect(page).toContain('<option value="Asia/Tokyo" selected');
    expect(policy).toContain("script-src 'sha256-");
    expect(answer.status).toBe(200);
    const chosen = { sendHour: 18, timeZone: 'Europe/Berlin', topics: ['cs.CL'] };
    expect((await world.stored(email))?.preferences).toMatchObject(chosen);
    expect((await world.form(link, { sendHour: '3', timeZone: 'UTC' })).status).toBe(200);
    expect((await world.stored(email))?.preferences).toMatchObject(chosen);
    const again = await world.app.request(link);
    expect([await again.text(), again.headers.get('content-security-policy')]).toEqual([
      expect.not.stringContaining('<script'),
      expect.not.stringContaining('script-src'),
    ]);
  });

  test.each([
    ['missing', {}],
    ['empty', { sendHour: '', timeZone: '' }],
    ['wrong', { sendHour: 'x', timeZone: 'Mars/Base' }],
  ])('stop nobody from confirming where they are %s', async (what, fields) => {
    const email = `${what}-choice@example.org`;
    expect((await confirmWith(email, fields)).answer.status).toBe(200);
    expect(await world.stored(email)).toMatchObject({
      status: 'active',
      preferences: { sendHour: 7, timeZone: 'Asia/Tokyo' },
    });
  });

  test.each([
    ['hour', { sendHour: '18', timeZone: 'Mars/Base' }, { sendHour: 18, timeZone: 'Asia/Tokyo' }],
    ['zone', { sendHour: '25', timeZone: 'Europe/Kiev' }, { sendHour: 7, timeZone: 'Europe/Kyiv' }],
  ])('a wrong one costs the %s nothing', async (what, fields, chosen) => {
    const email = `right-${what}@example.org`;
    expect((await confirmWith(email, fields)).answer.status).toBe(200);
    expect((await world.stored(email))?.preferences).toMatchObject(chosen);
  });

  test('lead on to the other preferences, without another mail', async () => {
    const { answer } = await confirmWith('onward@example.org', { sendHour: '9', timeZone: 'UTC' });
    const link = /href="(\/preferences\?token=[^"]+)"/.exec(await answer.text())?.[1] ?? '';
    const page = await world.app.request(link);
    expect([page.status, (await page.text()).includes('onward@example.org')]).toEqual([200, true]);
  });
});
