// A person's devices: the first by a code from whoever keeps the server, the second by a code from the first.
// What is decided carries the signature; a revoked phone is out within a second and its unsent work is not lost.
import { expect, test } from '@playwright/test';
import { Phone, people, type Someone } from '../lib/app';
import { Server } from '../lib/server';

test('a second phone by code, its signature, its end, and what it had not sent', async () => {
  test.setTimeout(240_000);
  const server = await Server.start('--codes');
  const first = await Phone.on(server.url);
  const second = await Phone.on(server.url);
  const officer = await Phone.on(server.url);
  try {
    await enrol(officer, people.admin, server.code(people.admin.no));
    await enrol(first, people.writerA, server.code(people.writerA.no));

    // A wrong code says so; the right one comes from the first phone.
    await first.go('/me/devices');
    await first.page.getByText('添加一台设备').click();
    const shown = await first.page.locator('.qr-code').textContent();
    await first.shot('device-code');
    await first.page.keyboard.press('Escape');
    await signIn(second, people.writerA);
    await expect(second.page.getByRole('heading', { name: '登记这台设备' })).toBeVisible();
    await second.shot('device-stranger');
    await second.field('设备码').fill('00000000');
    await second.button('登记').click();
    await expect(second.page.getByText('设备码不对、已用过或已过期')).toBeVisible();
    await second.field('设备码').fill(shown!);
    await second.button('登记').click();
    await expect(second.page.getByText(`${people.writerA.name}，您好`)).toBeVisible({ timeout: 60_000 });

    // It decides, and others see on which phone.
    const draft = await second.write('送清凉到井口', '今天在现场。');
    await second.button('提交审核').click();
    await second.delivered();
    await second.go(draft);
    await expect(second.page.locator('.track-signed').first()).toContainText('已签署');
    await second.page.locator('.track-signed').first().scrollIntoViewIfNeeded();
    await second.shot('device-signed');

    // The second phone is lost without a network, with work on it.
    await second.go('/settings');
    await second.page.getByRole('switch', { name: '模拟离线' }).check();
    await second.write('井下写的稿子', '没有网络的时候写的。');
    await first.go('/me/devices');
    await expect(first.page.locator('a.cell')).toHaveCount(3, { timeout: 60_000 });
    await expect(first.page.locator('a.cell', { hasText: '（本机）' })).toHaveCount(1);
    await first.shot('my-devices');
    const lost = first.page.locator('a.cell').filter({ hasText: '经办 巴特尔' });
    await lost.click();
    await first.shot('device-one');
    await first.button('停用').click();
    await first.page.getByRole('alertdialog').getByRole('textbox').fill('手机丢失');
    await first.shot('device-revoke');
    await first.page.getByRole('alertdialog').getByRole('button', { name: '停用' }).click();
    await first.delivered();

    // Back under a network it hears that it is out, after its work was put aside.
    await second.go('/settings');
    await second.page.getByRole('switch', { name: '模拟离线' }).uncheck();
    await expect(second.page.getByText('这台设备已停用').first()).toBeVisible({ timeout: 60_000 });
    await second.shot('device-out');
    // Nothing of that person is left there: the lock went, then what lay behind it.
    await expect(async () => expect(await vaults(second)).toEqual([])).toPass({ timeout: 10_000 });
    await second.page.goto(server.url);
    await expect(second.field('工号')).toBeVisible();

    // An officer sees it and lets it in; the author has it on the phone that is left.
    await officer.go('/admin/devices');
    await expect(officer.page.getByText('井下写的稿子', { exact: true })).toBeVisible({ timeout: 60_000 });
    await officer.shot('admin-devices');
    await officer.button('采纳').click();
    await officer.page.getByRole('dialog').getByRole('textbox').fill('已与本人核实');
    await officer.page.getByRole('dialog').getByRole('button', { name: '采纳' }).click();
    await officer.delivered();
    await first.go('/edit/news');
    await expect(first.page.getByText('井下写的稿子')).toBeVisible({ timeout: 60_000 });
    expect([...first.faults, ...second.faults, ...officer.faults]).toEqual([]);
  } finally {
    for (const phone of [first, second, officer]) await phone.done();
    await server.stop();
  }
});

test('a revoked phone that is online is out within a second', async () => {
  test.setTimeout(120_000);
  const server = await Server.start();
  const [here, lost] = [await Phone.on(server.url), await Phone.on(server.url)];
  try {
    await here.signIn(people.member);
    await lost.signIn(people.member);
    await lost.delivered();
    await here.go('/me/devices');
    const other = here.page.locator('a.cell').filter({ hasText: '使用中' }).filter({ hasNotText: '（本机）' });
    await expect(other).toHaveCount(2, { timeout: 60_000 }); // the demo's own phone of the past, and the lost one
    await other.first().click();
    await here.button('停用').click();
    const confirm = here.page.getByRole('alertdialog').getByRole('button', { name: '停用' });
    await confirm.click();
    await here.delivered();
    await here.go('/me/devices');
    await other.first().click();
    await here.button('停用').click();
    const began = Date.now();
    await confirm.click();
    // Rounds of its own come once a minute: this soon it can only have been the stream that ended.
    await expect(lost.page.getByText('这台设备已停用').first()).toBeVisible({ timeout: 30_000 });
    console.log(`devices: from the tap to the closed page ${Date.now() - began} ms`);
  } finally {
    for (const phone of [here, lost]) await phone.done();
    await server.stop();
  }
});

/** Names of the databases that hold somebody's records. */
const vaults = (phone: Phone) => phone.page.evaluate(async () =>
  (await indexedDB.databases()).map((one) => one.name!).filter((name) => name.startsWith('lianxin.vault.')));

/** Signs in as far as a device that nobody knows gets. */
async function signIn(phone: Phone, who: Someone) {
  await phone.field('工号').fill(who.no);
  await phone.field('密码').fill(who.password);
  await phone.button('登录').click();
  await phone.pastLock();
}

async function enrol(phone: Phone, who: Someone, code: string) {
  await signIn(phone, who);
  await phone.field('设备码').fill(code);
  await phone.button('登记').click();
  await expect(phone.page.getByText(`${who.name}，您好`)).toBeVisible({ timeout: 60_000 });
}
