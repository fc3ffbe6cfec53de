// The main job: two officers of one branch, a day without a network, then both come back, in either order.
// Text merges, exactly one decision stands, the other is in "needs attention" with its author's words, and a
// third person sees it live.
import { expect, test } from '@playwright/test';
import { Phone, people, pictureFile } from '../lib/app';
import { Server } from '../lib/server';

for (const order of ['A first', 'B first'] as const) {
  test(`a day without a network, ${order}`, async () => {
    test.setTimeout(240_000);
    const server = await Server.start();
    const a = await Phone.on(server.url);
    const b = await Phone.on(server.url);
    const third = await Phone.on((await server.another()).url); // at the company, where there is always a network
    try {
      await third.signIn(people.mineChair);
      await a.signIn(people.writerA);
      await b.signIn(people.writerB);

      // Morning, with a network: a shared draft and two matters lie before both.
      const draft = await a.write('夜间供暖保障工作动态', '红柳滩的夜里零下三十度。');
      await a.delivered();
      const matters = await handIn(server, ['宿舍夜间供暖不足', '班中餐希望再热一些']);
      for (const phone of [a, b]) {
        await phone.go(draft);
        await expect(phone.field('正文')).toHaveValue(/零下三十度/, { timeout: 30_000 });
        await phone.go('/rights');
        for (const title of matters) await expect(phone.page.getByText(title)).toBeVisible({ timeout: 30_000 });
      }

      await third.go('/rights');
      await expect(third.page.locator('a.cell', { hasText: matters[0] })).toContainText('已提交', { timeout: 30_000 });

      for (const phone of [a, b]) await phone.kept();
      server.link.cut();
      // A: three articles with pictures, the shared draft, both matters.
      const picture = await pictureFile(a.page, 900, 'mine');
      for (const title of ['井口送姜汤', '岗位练兵比武', '书屋开放']) {
        await a.write(title, `${title}：今天在现场。`, [picture]);
        await a.button('提交审核').click();
        await expect(a.toast('已保存在本机')).toBeVisible();
      }
      await addAtEnd(a, draft, '工会连夜送去棉被。');
      for (const title of matters) await register(a, title, `A 登记：${title}`);
      // B: the same draft, one of the same matters.
      await addAtEnd(b, draft, '后勤已加开锅炉。');
      await register(b, matters[0], 'B 登记：已电话联系本人');

      // Evening: each comes back alone, in either order.
      const [one, two] = order === 'A first' ? [a, b] : [b, a];
      await pause(two);
      server.link.restore();
      await one.delivered();
      await resume(two);
      await two.delivered();

      await two.go('/sync');
      await expect(two.page.getByText('需确认', { exact: true }).first()).toBeVisible();
      await two.page.locator('a.cell', { hasText: matters[0] }).click();
      await expect(two.page.locator('.kept-text')).toContainText(two === b ? 'B 登记' : 'A 登记');
      await one.go('/sync');
      await expect(one.page.locator('a.cell', { hasText: matters[0] })).toHaveCount(0);

      // Text merged, on both phones.
      for (const phone of [a, b]) {
        await phone.go(draft);
        await expect(phone.field('正文')).toHaveValue(/棉被/, { timeout: 30_000 });
        await expect(phone.field('正文')).toHaveValue(/锅炉/);
      }
      // Exactly one registration stands.
      await a.go('/rights');
      await a.page.getByText(matters[0]).click();
      await expect(a.page.locator('.track-node', { hasText: '登记' })).toHaveCount(1);
      // A third person, who was looking on, sees it without touching anything.
      await expect(third.page.locator('a.cell', { hasText: matters[0] })).toContainText('已登记', { timeout: 30_000 });
      expect([...a.faults, ...b.faults, ...third.faults]).toEqual([]);
    } finally {
      for (const phone of [a, b, third]) await phone.done();
      await server.stop();
    }
  });
}

/** A miner of LB04 raises matters and hands them in. */
async function handIn(server: Server, titles: string[]): Promise<string[]> {
  const miner = await Phone.on(server.url);
  await miner.signIn(people.branchChair);
  for (const title of titles) {
    await miner.go('/rights/new');
    await miner.button('下一步').click();
    await miner.field('标题').fill(title);
    await miner.field('内容').fill(`${title}，请工会帮助解决。`);
    await expect(miner.page.locator('.form-state')).toContainText('已保存在本机');
    await miner.button('提交').click();
    await expect(miner.toast('已保存在本机')).toBeVisible();
  }
  await miner.delivered();
  await miner.done();
  return titles;
}

async function addAtEnd(phone: Phone, draft: string, words: string) {
  await phone.go(draft);
  const text = phone.field('正文');
  await text.fill((await text.inputValue()) + words);
  await expect(phone.page.locator('.form-state')).toContainText('已保存在本机');
}

async function register(phone: Phone, title: string, words: string) {
  await phone.go('/rights');
  await phone.page.getByText(title).first().click();
  await phone.button('登记').click();
  await phone.page.getByRole('dialog').getByRole('textbox').fill(words);
  await phone.page.getByRole('dialog').getByRole('button', { name: '登记' }).click();
  await expect(phone.toast('已保存在本机')).toBeVisible();
}

/** This phone alone stays without a network: the demo's own switch. */
async function pause(phone: Phone) {
  await phone.go('/settings');
  await phone.page.getByRole('switch', { name: '模拟离线' }).check();
}
async function resume(phone: Phone) {
  await phone.go('/settings');
  await phone.page.getByRole('switch', { name: '模拟离线' }).uncheck();
}
