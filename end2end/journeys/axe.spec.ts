// Nobody is shut out: axe finds nothing serious on any page that exists, for whoever sees it, in light and dark,
// with the smallest and the largest letters; and no page scrolls sideways on a small phone.
import { expect, test } from '@playwright/test';
import { PHRASE, Phone, people, type Someone } from '../lib/app';
import { LOOKS, shots, troubles, wear } from '../lib/axe';
import { Draft } from '../lib/drafts';
import { lock, withPasskeys } from '../lib/lock';
import { routeOf, routes } from '../lib/routes';
import { Server } from '../lib/server';
import { Phone as Wire } from '../lib/wire.mjs';

let server: Server;
let phone: Phone;
const seen = new Set<string>();
const found: string[] = [];

test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });
test.beforeEach(() => { test.setTimeout(300_000); });
test.afterEach(async () => { await phone?.done(); });

test('whoever is not signed in', async () => {
  phone = await Phone.on(server.url);
  for (const place of ['/', '/install', '/about']) {
    await phone.open(place);
    await looksAt(`${place} outside`);
  }
  fine();
});

test('a member', async () => {
  await signedIn(people.member);
  for (const place of ['/', '/todo', '/services', '/inbox', '/me', '/sync', '/settings', '/settings/storage', '/login', '/install', '/about', '/nowhere']) await visit(place);
  await visit('/news');
  await first('a.news-row');
  await visit('/rights/new');
  await phone.button('下一步').click();
  await expect(phone.field('标题')).toBeVisible();
  await phone.field('标题').fill('食堂的灯坏了');
  await looksAt('/rights/edit/:id');
  await visit('/rights');
  await first('a.cell');
  await visit('/enrol');
  await visit('/me/devices');
  await first('a.cell:has-text("使用中")');
  await visit('/me');
  await phone.page.getByText('退出登录').click();
  await looksAt('/me sign-out');
  await phone.kept();
  server.link.cut();
  await visit('/');
  server.link.restore();
  fine();
});

test('the locks of a member and of an officer', async () => {
  phone = await Phone.on(server.url);
  await phone.enter(people.member.no, people.member.password);
  await expect(phone.field('设置 PIN')).toBeVisible({ timeout: 30_000 });
  await looksAt('choosing a PIN');
  await phone.chooseLock();
  await phone.arrived(people.member);
  await visit('/settings/lock');
  await phone.page.getByRole('button', { name: '修改 PIN' }).click();
  await looksAt('/settings/lock PIN');
  await lock(phone);
  await looksAt('locked by a PIN');
  await phone.field('PIN').fill('314159');
  await phone.button('解锁').click();
  await expect(phone.page.getByRole('alert')).toBeVisible();
  await looksAt('locked, a wrong PIN');
  await phone.page.getByRole('button', { name: '换一位登录' }).click();
  await looksAt('signing in at a locked phone');
  await phone.enter(people.member.no, people.member.password);
  await phone.page.getByRole('button', { name: '重新开始' }).click();
  await looksAt('beginning anew');
  await phone.done();

  phone = await Phone.on(server.url);
  await withPasskeys(phone);
  await phone.page.reload(); // a page asks once whether there is a finger or a face
  await phone.enter(people.writerA.no, people.writerA.password);
  await expect(phone.field('设置口令')).toBeVisible({ timeout: 30_000 });
  await looksAt('choosing a passphrase');
  await phone.chooseLock();
  await phone.arrived(people.writerA);
  await phone.go('/settings/lock');
  await phone.page.getByRole('button', { name: '修改口令或添加指纹、面容' }).click();
  await phone.field('口令').fill(PHRASE);
  await phone.button('解锁').click();
  await looksAt('/settings/lock ways');
  await phone.button('用指纹或面容').click();
  await expect(phone.toast('已修改')).toBeVisible();
  await lock(phone);
  await looksAt('locked by finger or passphrase');
  fine();
});

test('a branch officer', async () => {
  await signedIn(people.writerA);
  await visit('/work');
  await visit('/edit/news');
  await phone.button('写稿').click();
  await expect(phone.field('标题')).toBeVisible();
  await looksAt('/edit/news/:id');
  await phone.go((await refused()).address);
  await looksAt('/sync/attention/:id');
  await phone.page.getByText('查看原材料').click();
  await phone.page.waitForURL(/\/edit\/news\//); // where /open/:id leads
  seen.add('/open/:id');
  await visit('/sync');
  fine();
});

test('the chair of a mine', async () => {
  await signedIn(people.mineChair);
  await visit('/');
  await visit('/news');
  await phone.page.locator('a.news-row', { hasText: '需确认' }).first().click();
  await phone.button('阅读情况').click();
  await looksAt('/reading/:id');
  await visit('/rights');
  await first('a.cell');
  fine();
});

test('officers of the company', async () => {
  await signedIn(people.companyChair);
  await visit('/');
  await visit('/members');
  await first('a.cell');
  await phone.done();
  await signedIn(people.rights);
  await visit('/rights');
  await first('a.cell');
  await phone.page.locator('.split-detail .primarybar .btn-primary').click();
  await looksAt('/rights/:id sheet');
  fine();
});

test('an administrator', async () => {
  await signedIn(people.admin);
  for (const place of ['/', '/work', '/me', '/admin/audit', '/admin/devices/code', '/admin/devices']) await visit(place);
  await first('a.cell:has-text("使用中")');
  fine();
});

test('an officer of the organisation', async () => {
  await signedIn(people.organiser);
  for (const place of ['/admin/orgs', '/admin/roles']) {
    await visit(place);
    await first('a.cell');
    await phone.page.locator('.primarybar .btn-primary').filter({ visible: true }).first().click();
    await looksAt(`${place} sheet`);
  }
  fine();
});

test('no page was left out', () => {
  expect([...seen].sort()).toEqual(routes());
});

async function signedIn(someone: Someone) {
  phone = await Phone.on(server.url);
  await phone.signIn(someone);
  await phone.delivered();
}

async function visit(place: string) {
  await phone.go(place);
  await looksAt(place);
}

/** The first record of the list that is open. */
async function first(row: string) {
  const main = phone.page.locator('main#main').filter({ visible: true });
  await main.locator(row).first().click();
  await phone.page.waitForURL(/[0-9a-f-]{36}/);
  await looksAt(routeOf(phone.page.url())!);
}

/** Everything has come, then all looks. */
async function looksAt(what: string) {
  const { page } = phone;
  await expect(page.locator('.skeleton').filter({ visible: true })).toHaveCount(0, { timeout: 30_000 });
  const route = routeOf(page.url());
  if (route) seen.add(route);
  for (const look of LOOKS) {
    await wear(page, look);
    for (const trouble of await troubles(page)) found.push(`${what} ${look.theme} ${look.fs} · ${trouble}`);
  }
  if (process.env.LIANXIN_SHOTS) await shots(phone, what);
  await linksLead();
}

/** Every link of ours on this page leads to a page that exists. */
async function linksLead() {
  const links = await phone.page.$$eval('a[href^="/"]', (all) => all.map((one) => one.getAttribute('href')!));
  for (const link of new Set(links)) if (!routeOf(link)) found.push(`${link} leads nowhere`);
}

function fine() {
  expect(found.splice(0)).toEqual([]);
}

/** Two devices of one person hand the same draft in: the phone here, which comes second, keeps what needs a choice. */
async function refused(): Promise<{ address: string }> {
  const wire: any = new Wire(`http://127.0.0.1:${server.port}`);
  await wire.signIn(people.writerA.no, people.writerA.password);
  await wire.pull();
  const draft = new Draft(wire, wire.who.posts[0].at);
  const send = (push: any) => wire.push([{ doc: push.doc, item: push.item }]);
  await send(draft.begin('两台手机同时提交', '同一篇稿件。'));
  await phone.go(`/edit/news/${draft.id}`);
  await expect(phone.button('提交审核')).toBeVisible({ timeout: 30_000 });
  await phone.kept();
  server.link.cut();
  await send(draft.act('submit'));
  await phone.button('提交审核').click();
  await expect(phone.toast('已保存在本机')).toBeVisible();
  server.link.restore();
  await phone.delivered();
  const cell = phone.page.locator('a.cell[href^="/sync/attention/"]').first();
  await expect(cell).toBeVisible({ timeout: 30_000 });
  return { address: (await cell.getAttribute('href'))! };
}
