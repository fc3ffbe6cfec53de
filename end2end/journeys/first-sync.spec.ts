// Walkthrough 3 of docs/architecture.md: the first sync of a company officer is cut at a page, left, and goes on
// where it stopped. What had come stays and can be read meanwhile.
import { expect, test } from '@playwright/test';
import { Phone, people } from '../lib/app';
import { Server } from '../lib/server';

let server: Server;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });

test('a first sync that is cut, left and closed goes on where it stopped', async () => {
  test.setTimeout(180_000);
  const whole = await fullSync();

  const phone = await Phone.on(server.url);
  await phone.kept();
  server.link.slow(20_000);
  server.link.down = 0;
  await phone.signIn(people.companyChair);
  await phone.go('/sync');
  const first = () => phone.page.locator('.group', { hasText: '首次同步' });
  await expect(first()).toContainText('可以离开这个页面，会自动继续', { timeout: 30_000 });
  // Left: other pages work with what is here, while the rest is under way. Then no network, and the browser is closed.
  await expect.poll(() => count(phone), { timeout: 60_000 }).toBeGreaterThan(1_000);
  expect(server.link.down, 'pages count as they come').toBeLessThan(whole * 0.9);
  server.link.cut();
  const before = server.link.down;
  await phone.go('/sync');
  await expect(phone.page.getByText('没有连上服务器，照常可以看和写')).toBeVisible({ timeout: 30_000 });
  const kept = await count(phone);
  await phone.close();

  await phone.start();
  expect(await count(phone), 'nothing of it is gone').toBeGreaterThanOrEqual(kept);
  server.link.restore();
  server.link.down = 0;
  await phone.delivered();
  await expect(first()).toHaveCount(0);
  expect(await count(phone)).toBeGreaterThan(6_800);
  // The program itself is kept on the phone: what comes now is data alone. One page may come twice.
  const after = server.link.down;
  console.log(`first-sync: whole ${whole} bytes; cut after ${before} bytes with ${kept} rows; the rest ${after} bytes`);
  expect(before + after).toBeLessThan(whole * 1.3);
  expect(phone.faults).toEqual([]);
  await phone.done();
});

/** Bytes of a first sync that nothing disturbs, without those of the program. */
async function fullSync(): Promise<number> {
  const phone = await Phone.on(server.url);
  await phone.kept();
  server.link.down = 0;
  await phone.signIn(people.companyChair);
  await phone.delivered();
  await expect.poll(() => count(phone), { timeout: 60_000 }).toBeGreaterThan(6_800);
  const bytes = server.link.down;
  await phone.done();
  return bytes;
}

/** People on this phone. */
async function count(phone: Phone): Promise<number> {
  await phone.go('/members');
  const end = phone.page.locator('.list-end');
  await expect(end).toContainText(/\d/, { timeout: 60_000 });
  return Number((await end.innerText()).replace(/\D/g, ''));
}
