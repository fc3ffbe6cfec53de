// Walkthrough 5 of docs/architecture.md: a matter that is confidential to the handler goes through all of its
// steps, and nothing on the handlers' phones, seen or kept, tells whose it is.
import { expect, test } from '@playwright/test';
import { Phone, people } from '../lib/app';
import { kept, openToEyes } from '../lib/lock';
import { Server } from '../lib/server';

const TITLE = '班前会随意扣分';

let server: Server;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });

test('a confidential matter is written, handled and answered without a name', async () => {
  test.setTimeout(180_000);
  const owner = await Phone.on(server.url);
  const handler = new Phone(server.url);
  openToEyes(handler);
  await handler.start();
  await owner.signIn(people.branchChair);
  await handler.signIn(people.writerA);
  await write(owner);
  await owner.delivered();

  await openIn(handler);
  const address = new URL(handler.page.url()).pathname;
  await expect(handler.page.getByText('提出人已保密')).toBeVisible();
  await step(handler, '登记', '已收到，正在了解。');
  await step(handler, '受理', '依规受理。');
  await assignTo(handler, people.writerA.no);
  await step(handler, '开始办理', '');
  await answer(handler, '已约谈班组长，扣分已更正。');
  await handler.delivered();
  await handler.go(address);
  await namesNobody(handler);

  // The answer reaches whoever asked, under the alias, and the rating goes back.
  await owner.go('/rights?mine');
  await owner.page.getByText(TITLE).first().click();
  await expect(owner.page.getByText('我提出（对承办人保密）')).toBeVisible();
  await expect(owner.page.getByText('已约谈班组长，扣分已更正。')).toBeVisible({ timeout: 30_000 });
  await owner.button('评价满意').click();
  await owner.page.getByRole('dialog').getByText('满意', { exact: true }).click();
  await owner.page.getByRole('dialog').getByRole('button', { name: '评价' }).click();
  await expect(owner.toast('已保存在本机')).toBeVisible();
  await owner.delivered();
  await handler.go(address);
  await expect(handler.page.locator('.track-node', { hasText: '评价满意' })).toBeVisible({ timeout: 30_000 });
  await namesNobody(handler);
  expect([...owner.faults, ...handler.faults]).toEqual([]);
  await owner.done();
  await handler.done();
});

async function write(owner: Phone) {
  await owner.go('/rights/new');
  await owner.page.getByText('对承办人保密').click();
  await owner.button('下一步').click();
  await owner.field('标题').fill(TITLE);
  await owner.field('内容').fill('上周三早班，没有说明原因就扣了分。');
  await expect(owner.page.locator('.form-state')).toContainText('已保存在本机');
  await owner.button('提交').click();
  await expect(owner.toast('已保存在本机')).toBeVisible();
}

async function openIn(phone: Phone) {
  await phone.go('/rights');
  await phone.page.getByText(TITLE).first().click({ timeout: 30_000 });
  await expect(phone.page.locator('.article-title', { hasText: TITLE })).toBeVisible();
}

async function step(phone: Phone, verb: string, words: string) {
  await phone.button(verb).click({ timeout: 30_000 });
  const sheet = phone.page.getByRole('dialog');
  await sheet.getByRole('textbox').fill(words);
  await sheet.getByRole('button', { name: verb }).click();
  await expect(phone.page.locator('.track-node', { hasText: verb })).toBeVisible();
}

async function assignTo(phone: Phone, no: string) {
  await phone.button('交办').click();
  const sheet = phone.page.getByRole('dialog');
  await sheet.getByRole('button', { name: /承办人/ }).click();
  await phone.page.getByRole('searchbox').last().fill(no);
  await phone.page.locator('.people').getByRole('button', { name: no }).click();
  await sheet.getByRole('button', { name: '交办' }).click();
  await expect(phone.page.locator('.track-node', { hasText: '交办' })).toBeVisible();
}

async function answer(phone: Phone, words: string) {
  await phone.button('答复').click();
  const sheet = phone.page.getByRole('dialog');
  await sheet.getByRole('textbox').first().fill(words);
  await sheet.getByRole('button', { name: '答复' }).click();
  await expect(phone.page.locator('.track-node', { hasText: '答复' })).toBeVisible();
}

/** Neither on the page of the matter nor in what the phone keeps of it. */
async function namesNobody(phone: Phone) {
  const page = phone.page.locator('main#main').filter({ visible: true }).last();
  await expect(page).not.toContainText(people.branchChair.name);
  await expect(page).not.toContainText(people.branchChair.no);
  const texts = await kept(phone, phone.page.url().split('/').pop()!);
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.join(), 'it is this matter that was looked at').toContain(TITLE);
  for (const text of texts) for (const name of [people.branchChair.name, people.branchChair.no]) expect(text).not.toContain(name);
}
