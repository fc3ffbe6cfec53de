// The first day: sign in, look around, restart without a network, come back.
import { expect, test } from '@playwright/test';
import { Phone, people } from '../lib/app';
import { Server } from '../lib/server';

let server: Server;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });

test('a member signs in, reads the news, and reads them again after a restart without a network', async () => {
  const phone = await Phone.on(server.url);
  await phone.signIn(people.member);
  await expect(phone.page.locator('.news-row').first()).toBeVisible({ timeout: 20_000 });
  const title = await phone.page.locator('.news-title').first().innerText();
  await phone.page.locator('.news-row').first().click();
  await expect(phone.page.locator('.article-title')).toHaveText(title);
  await phone.kept();
  await phone.close();

  server.link.cut();
  await phone.start();
  await phone.arrived(people.member);
  await expect(phone.page.locator('.syncbar')).toContainText('离线');
  await phone.page.getByText(title).first().click();
  await expect(phone.page.locator('.article-title')).toHaveText(title);

  server.link.restore();
  await phone.delivered();
  expect(phone.faults).toEqual([]);
  await phone.done();
});

test('wrong password says what to do and names nobody', async () => {
  const phone = await Phone.on(server.url);
  await phone.enter(people.member.no, 'not-the-password');
  await expect(phone.page.getByRole('alert')).toContainText('工号或密码不正确');
  await phone.done();
});

test('an officer finds a person among 6,800 by name, initials and number', async () => {
  const phone = await Phone.on(server.url);
  await phone.signIn(people.companyChair);
  await phone.go('/members');
  await expect(phone.page.locator('.list-end')).toContainText('6,8', { timeout: 60_000 });
  await phone.page.getByRole('searchbox').fill('ldy');
  await expect(phone.page.locator('a.cell', { hasText: '李大勇' })).toBeVisible();
  await phone.page.getByRole('searchbox').fill('0209002');
  await phone.page.locator('a.cell', { hasText: '李大勇' }).click();
  await expect(phone.page.getByText('工作信息')).toBeVisible();
  await phone.done();
});
