// The tree of units and the posts in it, as an officer of the organisation keeps them: a branch is set up without
// a network, people go there, one of them gets a post with a term, and the branch moves to another mine.
import { expect, test } from '@playwright/test';
import { Phone, people } from '../lib/app';
import { Server } from '../lib/server';

const BRANCH = '智能化采煤队分会';
let server: Server;
let phone: Phone;

test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await phone?.done(); await server.stop(); });

test('a branch is set up, manned, and moved to another mine with its people', async () => {
  test.setTimeout(240_000);
  phone = await Phone.on(server.url);
  await phone.signIn(people.organiser);
  await phone.delivered();
  await phone.kept();

  await phone.go('/admin/orgs');
  await row('红柳滩露天煤矿').click();
  await expect(page().getByRole('button', { name: '设立下级' })).toBeVisible(); // fetched when it is opened
  server.link.cut();
  await press('设立下级');
  await expect(sheet().getByText(/^LB04\.\d+$/)).toBeVisible(); // the next number, nobody types it
  await phone.shot('units-establish');
  await fill('名称', BRANCH);
  await decide('设立下级');
  await phone.shot('units-unit-offline');
  server.link.restore();
  await phone.delivered();

  await phone.go('/admin/orgs');
  await find(BRANCH);
  await row(BRANCH).click();
  await expect(text('0 人')).toBeVisible();

  await someone('0404341');
  await more('调动');
  await pick('调往单位', BRANCH);
  await decide('调动');
  await expect(text(BRANCH).first()).toBeVisible();
  await press('任命');
  await sheet().getByText('分会干事', { exact: true }).click();
  await pick('任职单位', BRANCH);
  await sheet().getByLabel('任期至').fill('2031-12-31');
  await phone.shot('units-appoint');
  await decide('任命');
  await phone.delivered();
  await someone('0404341');
  await expect(text('任期至 2031-12-31').first()).toBeVisible();
  await phone.shot('units-person');

  await phone.go('/admin/orgs');
  await find(BRANCH);
  await row(BRANCH).click();
  await more('划转');
  await pick('划到哪个单位之下', '青石岭煤矿');
  await expect(sheet().getByText('0 个单位、1 人', { exact: false })).toBeVisible();
  await phone.shot('units-move');
  await decide('划转');
  await phone.delivered();
  await phone.go('/admin/orgs');
  await find(BRANCH);
  await page().locator('a.cell', { hasText: '已划转' }).click();
  await phone.shot('units-moved');
  await press('整体调动');
  await pick('调往单位', BRANCH); // the live one only is offered
  await decide('整体调动');
  await expect(phone.toast('已办理 1 人')).toBeVisible();
  await phone.delivered();
  await someone('0404341');
  await expect(page().locator('.group', { hasText: '所在单位' }).locator('.cell')).toHaveCount(3);
  await phone.shot('units-stays');
  expect(phone.faults).toEqual([]);
});

const page = () => phone.page.locator('main#main').filter({ visible: true }).last();
const sheet = () => phone.page.getByRole('dialog').filter({ visible: true }).first();
const row = (name: string) => page().locator('a.cell', { hasText: name }).first();
const text = (words: string) => page().getByText(words, { exact: true });

async function press(name: string) {
  await page().getByRole('button', { name, exact: true }).click();
}
async function more(name: string) {
  await page().getByRole('button', { name: '更多' }).click();
  await phone.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}
async function fill(name: string, words: string) {
  await sheet().getByLabel(name, { exact: true }).fill(words);
}
async function find(words: string) {
  await page().getByRole('searchbox').fill(words);
}
/** The page of posts of somebody. */
async function someone(no: string) {
  await phone.go('/admin/roles');
  await find(no);
  await row(no).click();
}
async function pick(field: string, name: string) {
  await sheet().getByRole('button', { name: field }).click();
  const picker = phone.page.getByRole('dialog').filter({ visible: true }).last();
  await picker.getByRole('searchbox').fill(name);
  await picker.locator('.people .cell').first().click();
  await expect(picker).toHaveCount(1);
}
/** Names the paper and decides; the sheet closes once it is kept. */
async function decide(verb: string) {
  await fill('依据（文号或原因）', '岭北工〔2026〕3号');
  await sheet().getByRole('button', { name: verb, exact: true }).click();
  await expect(phone.page.getByRole('dialog').filter({ visible: true })).toHaveCount(0);
}
