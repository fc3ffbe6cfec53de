// How long people wait: the first visit on a weak line, and a start without a network with the whole company on the
// phone. 4× CPU throttling slows the page's thread; the worker runs at the machine's speed, which is said in figures.md.
import { expect, test, type Page } from '@playwright/test';
import { PHRASE, PIN, Phone, people } from '../lib/app';
import { Server } from '../lib/server';
import { SlowLine } from './slow';

/** Lighthouse's slow 4G: 1.6 Mbit/s down, 150 ms round trip. */
const RATE = 200_000, LAG = 150, CPU = 4;

let server: Server;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });

async function throttle(phone: Phone, rate: number) {
  const cdp = await phone.context.newCDPSession(phone.page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate });
}

/** Milliseconds since the navigation began, when the element is there. */
async function until(page: Page, selector: string): Promise<number> {
  await page.locator(selector).first().waitFor({ timeout: 120_000 });
  return page.evaluate(() => Math.round(performance.now()));
}

async function paint(page: Page): Promise<number> {
  return page.evaluate(() => Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN));
}

test('first visit at 1.6 Mbit/s, 150 ms, 4x CPU', async () => {
  const line = new SlowLine(server.port, RATE, LAG);
  const url = await line.open();
  const phone = new Phone(url);
  await phone.start('about:blank');
  await throttle(phone, CPU);
  await phone.page.goto(url);
  const form = await until(phone.page, 'form.login input[inputmode=numeric]');
  const first = await paint(phone.page);
  await phone.page.getByLabel('工号', { exact: true }).fill(people.member.no);
  await phone.page.getByLabel('密码', { exact: true }).fill(people.member.password);
  const pressed = Date.now();
  await phone.page.getByRole('button', { name: '登录' }).click();
  const pin = phone.page.getByLabel('设置 PIN', { exact: true });
  await pin.waitFor({ timeout: 120_000 });
  const lock = Date.now() - pressed;
  // A PIN is typed twice, three digits a second; what comes over the line meanwhile nobody waits for.
  const typing = Date.now();
  await pin.pressSequentially(PIN, { delay: 300 });
  await phone.button('下一步').click();
  await phone.page.getByLabel('再输一次', { exact: true }).pressSequentially(PIN, { delay: 300 });
  const typed = Date.now() - typing;
  const locked = Date.now();
  await phone.button('完成').click();
  await phone.page.locator('.news-row').first().waitFor({ timeout: 120_000 });
  const list = Date.now() - locked;
  console.log(`FIGURE first paint ${first} ms; sign-in form ${form} ms; choosing a lock ${lock} ms after signing in; list ${list} ms after the lock is chosen; waited together ${form + lock + list} ms, beside ${typed} ms of typing`);
  line.close();
  await phone.done();
});

test('start without a network, 6,815 people on the phone, 4x CPU; then scroll', async () => {
  const phone = await Phone.on(server.url);
  await phone.signIn(people.companyChair);
  await phone.go('/members');
  await expect(phone.page.locator('.list-end')).toContainText('6,8', { timeout: 120_000 });
  await phone.page.waitForFunction(() => (window as any).LIANXIN_OFFLINE === true, undefined, { timeout: 60_000 });
  await phone.delivered();
  const locks: number[] = [], lists: number[] = [], paints: number[] = [];
  for (let i = 0; i < 5; i++) {
    await phone.close();
    server.link.cut();
    await phone.start('about:blank');
    await throttle(phone, CPU);
    await phone.page.goto(`${server.url}/members`);
    locks.push(await until(phone.page, 'input[type=password]'));
    await phone.field('口令').fill(PHRASE);
    const pressed = Date.now();
    await phone.button('解锁').click();
    await phone.page.locator('a.cell').first().waitFor({ timeout: 120_000 });
    lists.push(Date.now() - pressed);
    paints.push(await paint(phone.page));
  }
  await throttle(phone, 1);
  const frames = await phone.page.evaluate(async () => {
    const deltas: number[] = [];
    let last = performance.now();
    await new Promise<void>((done) => {
      const step = (now: number) => {
        deltas.push(now - last);
        last = now;
        window.scrollBy(0, 120);
        if (deltas.length < 300) requestAnimationFrame(step); else done();
      };
      requestAnimationFrame(step);
    });
    return deltas.slice(1).sort((a, b) => b - a);
  });
  const worst = frames.slice(0, 3).map(Math.round), median = Math.round(frames[Math.floor(frames.length / 2)]);
  console.log(`FIGURE offline start to the lock page ${locks.join(', ')} ms; unlock to list ${lists.join(', ')} ms; first paint ${paints.join(', ')} ms; scroll: worst frames ${worst.join(', ')} ms, median ${median} ms`);
  server.link.restore();
  await phone.done();
});
