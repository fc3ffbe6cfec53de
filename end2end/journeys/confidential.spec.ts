// Walkthrough 5 of docs/architecture.md: a matter that is confidential to the handler goes through all of its
// steps, and nothing on the handlers' phones, seen or kept, tells whose it is. Its words are sealed: nothing of
// them lies at the server, who is made a handler reads them, and who is no longer one gets no new ones.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Phone, people, pictureFile } from '../lib/app';
import { kept, openToEyes } from '../lib/lock';
import { Server } from '../lib/server';

const TITLE = '班前会随意扣分';
const [SEALED, OPEN] = ['班长克扣奖金三百元', '食堂早餐开得太晚'];

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

test('its words are sealed: not at the server, for those in charge, and no new ones for who was', async () => {
  test.setTimeout(240_000);
  const shares = await recoveryKey();
  const [owner, officer, second] = [await Phone.on(server.url), await Phone.on(server.url), await Phone.on(server.url)];
  await owner.signIn(people.mineChair);
  await officer.signIn(people.writerA);
  await second.signIn(people.branchChair);
  await owner.go('/rights/new');
  await owner.shot('sealed-name');
  const slip = await pictureFile(owner.page, 1_200, 'slip');
  await write(owner, SEALED, '他还说谁反映就调谁的岗。', true, slip);
  // Beside it one with a name, so that looking for words at the server is known to find some.
  await write(owner, OPEN, '希望早班前能吃上热饭。', false);
  await owner.delivered();
  expect(await atServer(OPEN), 'what has a name lies open').toBe(true);
  for (const words of [SEALED, '班长克扣', '谁反映就调谁的岗']) expect(await atServer(words), words).toBe(false);
  expect(picturesAtServer(), 'its picture is ciphertext, like its words').toEqual(['LXF1']);
  await openIn(officer, SEALED);
  await expect(officer.page.getByText('已加密：只有提出人和承办人的手机能打开')).toBeVisible();
  await seesPicture(officer);
  await officer.shot('sealed-one');
  const address = new URL(officer.page.url()).pathname;

  // A handler is added and reads it at once; what the phone is shown before it has the key says so.
  await step(officer, '登记', '已收到，正在了解。');
  await step(officer, '受理', '依规受理。');
  await assignTo(officer, people.branchChair.no);
  await officer.delivered();
  await second.delivered();
  await second.go(address);
  await expect(second.page.locator('.article-title', { hasText: SEALED })).toBeVisible({ timeout: 60_000 });
  await expect(second.page.locator('.track-node', { hasText: '依规受理。' })).toBeVisible();
  await seesPicture(second);

  // Another one takes over: the first gets nothing of what comes after, the owner all of it.
  await officer.go(address);
  await assignTo(officer, people.writerA.no);
  await officer.delivered();
  await second.delivered();
  await second.go(address);
  await expect(second.page.getByText('这份材料不在本机，或您没有查看权限')).toBeVisible({ timeout: 60_000 });
  await second.shot('sealed-removed');
  await officer.go(address);
  await step(officer, '开始办理', '');
  await answer(officer, '奖金已补发，不得打击报复。');
  await officer.delivered();
  await owner.go('/rights?mine');
  await owner.page.getByText(SEALED).first().click();
  await expect(owner.page.getByText('奖金已补发，不得打击报复。')).toBeVisible({ timeout: 60_000 });
  for (const words of [SEALED, '依规受理', '打击报复']) expect(await atServer(words), words).toBe(false);
  expect([...owner.faults, ...officer.faults, ...second.faults]).toEqual([]);
  for (const phone of [owner, officer, second]) await phone.done();
  await drill(shares);
});

/** The union's recovery key is made while the server stands still; three people get a share. */
async function recoveryKey(): Promise<string[]> {
  await server.kill();
  const shares = server.command(['recovery', 'init']).match(/LXSH-\S+/g)!;
  expect(shares).toHaveLength(3);
  await server.up();
  return shares;
}

/** Every phone is gone: two of the three shares open what browsers have sealed, one share alone opens nothing. */
async function drill([first, second, third]: string[]) {
  await server.kill();
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'lianxin-recovery-'));
  const open = (...typed: string[]) => server.command(['recovery', 'open', '--out', out], typed);
  expect(() => open(second, second)).toThrow(/没有打开任何材料/);
  expect(fs.readdirSync(out)).toEqual([]);
  open(third, first);
  const texts = fs.readdirSync(out).filter((name) => name.endsWith('.txt')).map((name) => fs.readFileSync(path.join(out, name), 'utf8'));
  expect(texts.find((text) => text.includes(SEALED))).toContain('谁反映就调谁的岗');
  const pictures = fs.readdirSync(out).filter((name) => name.endsWith('.jpg'));
  expect(pictures, 'and their pictures').toHaveLength(1);
  expect(fs.readFileSync(path.join(out, pictures[0])).subarray(0, 3).toString('hex')).toBe('ffd8ff');
  fs.rmSync(out, { recursive: true });
}

/** How each file at the server that did not come with the demo begins. */
function picturesAtServer(): string[] {
  const files = fs.readdirSync(path.join(server.data, 'owned'), { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const names = files.map((file) => file.name.split('.')[0]);
  return names.map((name) => fs.readFileSync(path.join(server.data, 'blobs', name.slice(0, 2), name)).subarray(0, 4).toString('latin1'));
}

/** The picture of the matter on the screen is one that could be drawn, not a frame with words. */
async function seesPicture(phone: Phone) {
  const picture = phone.page.locator('img.article-pic').first();
  await expect(picture).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1_200);
}

/** Do these words lie in any file of the server? */
async function atServer(words: string): Promise<boolean> {
  const files = fs.readdirSync(server.data, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.some((file) => fs.readFileSync(path.join(file.parentPath, file.name)).includes(words));
}

async function write(owner: Phone, title = TITLE, text = '上周三早班，没有说明原因就扣了分。', secret = true, picture?: string) {
  await owner.go('/rights/new');
  if (secret) await owner.page.getByText('对承办人保密').click();
  await owner.button('下一步').click();
  await owner.field('标题').fill(title);
  await owner.field('内容').fill(text);
  if (picture) {
    await owner.page.locator('input[type=file]').nth(1).setInputFiles(picture);
    await expect(owner.page.locator('.attach-row')).toHaveCount(1);
    await owner.page.locator('.attach-row').scrollIntoViewIfNeeded();
    await owner.shot('sealed-picture');
  }
  await expect(owner.page.locator('.form-state')).toContainText('已保存在本机');
  await owner.button('提交').click();
  await expect(owner.toast('已保存在本机')).toBeVisible();
}

async function openIn(phone: Phone, title = TITLE) {
  await phone.go('/rights');
  await phone.page.getByText(title).first().click({ timeout: 60_000 });
  await expect(phone.page.locator('.article-title', { hasText: title })).toBeVisible();
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
  await expect(phone.page.locator('.track-node', { hasText: '交办' }).last()).toBeVisible();
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
