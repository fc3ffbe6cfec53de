// A lock in company: the server keeps half of an officer's PIN, and several people use one phone.
import { expect, test } from '@playwright/test';
import { PHRASE, PIN, Phone, people } from '../lib/app';
import { back, form, give, lock } from '../lib/lock';
import { Server } from '../lib/server';

let server: Server;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });
test.afterEach(() => server.link.restore());

const alert = (phone: Phone) => phone.page.getByRole('alert');

test('an officer adds a PIN whose other half the server keeps; ten wrong ones end it', async () => {
  const phone = await Phone.on(server.url);
  await phone.signIn(people.writerB);
  await phone.delivered(); // the server knows this device
  await phone.go('/settings/lock');
  await phone.page.getByRole('button', { name: '修改口令或添加指纹、面容' }).click();
  await give(phone, '口令', PHRASE);
  await phone.field('设置 PIN').fill(PIN);
  await phone.button('下一步').click();
  await phone.field('再输一次').fill(PIN);
  await form(phone, '再输一次').getByRole('button', { name: '完成' }).click();
  await expect(phone.toast('已修改')).toBeVisible();

  await lock(phone);
  await phone.shot('lock-pin-or-phrase');
  await give(phone, 'PIN', '314159');
  await expect(alert(phone)).toContainText('还可以试 9 次');
  await give(phone, 'PIN', PIN);
  await expect(back(phone, people.writerB.name), 'half a key from here, half from the server').toBeVisible();

  await lock(phone);
  await phone.kept();
  server.link.cut();
  await give(phone, 'PIN', PIN);
  await expect(alert(phone)).toContainText('需要网络');
  await give(phone, '口令', PHRASE);
  await expect(back(phone, people.writerB.name), 'without a network the passphrase does it').toBeVisible();
  server.link.restore();

  await lock(phone);
  for (let left = 9; left > 0; left--) {
    await give(phone, 'PIN', `31415${left}`);
    await expect(alert(phone)).toContainText(`还可以试 ${left} 次`);
  }
  await give(phone, 'PIN', '314150');
  await expect(alert(phone)).toContainText('PIN 已停用');
  await give(phone, 'PIN', PIN);
  await expect(alert(phone), 'not even the right one').toContainText('PIN 已停用');
  await give(phone, '口令', PHRASE);
  await expect(back(phone, people.writerB.name)).toBeVisible();
  expect(phone.faults).toEqual([]);
  await phone.done();
});

test('two people on one phone: each opens their own, neither the other’s', async () => {
  test.setTimeout(180_000);
  const phone = await Phone.on(server.url);
  await phone.signIn(people.writerB);
  await phone.write('其其格的稿子', '只有他看得见。');
  await phone.delivered();
  await lock(phone);
  await phone.page.getByRole('button', { name: '换一位登录' }).click();
  await phone.enter(people.member.no, people.member.password);
  await phone.chooseLock();
  await expect(back(phone, people.member.name)).toBeVisible();
  await phone.page.reload();

  // Each is known by the end of the staff number; the last one stands first.
  await expect(phone.page.getByRole('heading', { name: '工号尾号 002' })).toBeVisible();
  await expect(phone.page.getByText('这台手机上还有')).toBeVisible();
  await phone.shot('lock-two-people');
  await give(phone, 'PIN', PIN);
  await expect(back(phone, people.member.name)).toBeVisible();
  await phone.page.reload();
  await phone.page.getByRole('button', { name: '工号尾号 003' }).click();
  await give(phone, '口令', PIN);
  await expect(alert(phone)).toContainText('不对');
  await give(phone, '口令', PHRASE);
  await expect(back(phone, people.writerB.name)).toBeVisible();
  await phone.go('/edit/news');
  await expect(phone.page.getByText('其其格的稿子')).toBeVisible();

  // The session is still the member's: nothing of theirs comes here, and the phone asks who it is.
  await phone.go('/sync');
  await expect(phone.page.getByText('登录已过期').first()).toBeVisible({ timeout: 60_000 });
  await phone.shot('lock-two-people-session');
  expect(phone.faults).toEqual([]);
  await phone.done();
});
