// The pictures of the project's README.md, made anew when somebody asks for it (`LIANXIN_PICTURES=1 npx playwright test`).
import { expect, test } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import { Phone, people } from '../lib/app';
import { Server } from '../lib/server';

const FOLDER = path.join(import.meta.dirname, '../../docs/pictures');
const LARGEST = 80_000;

let server: Server;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });

test('pictures for the readme', async () => {
  test.setTimeout(180_000);
  fs.mkdirSync(FOLDER, { recursive: true });
  const member = await Phone.on(server.url);
  await member.signIn(people.member);
  await member.delivered();
  await member.go('/');
  await take(member, 'home', '.news-row');
  await member.page.locator('.news-row').first().click();
  await take(member, 'article', '.article-title');
  await member.done();

  const rights = await Phone.on(server.url);
  await rights.signIn(people.writerA);
  await rights.delivered();
  await rights.go('/rights');
  await rights.page.locator('a.cell').first().click();
  await take(rights, 'appeal', '.track-node');
  server.link.cut();
  await rights.write('夜间供暖保障工作动态', '红柳滩的夜里零下三十度，工会连夜送去棉被。');
  await rights.button('提交审核').click();
  await rights.go('/sync');
  await expect(rights.page.locator('.syncbar')).toContainText('离线');
  await take(rights, 'sync', '.chip');
  await rights.done();
});

async function take(phone: Phone, name: string, shown: string) {
  await expect(phone.page.locator(shown).filter({ visible: true }).first()).toBeVisible();
  await expect(phone.page.locator('.toast')).toHaveCount(0, { timeout: 20_000 });
  await phone.page.evaluate(() => document.fonts.ready);
  const file = path.join(FOLDER, `${name}.png`);
  await phone.page.screenshot({ path: file });
  expect(fs.statSync(file).size, `${name}.png`).toBeLessThan(LARGEST);
}
