// The page and the service worker: a phone that has been here once starts without a network; a new version waits for
// the person; a captive portal, a broken download and the kill switch never cost anybody a word.
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { ShellSite } from '../lib/shell-site';

let site: ShellSite;
test.beforeEach(async () => { site = new ShellSite(); await site.open(); });
test.afterEach(() => site.close());

const boot = (page: Page) => page.locator('html');
const started = (page: Page) => expect(boot(page)).toHaveAttribute('data-boot', 'started');
const marked = (page: Page, mark: string) => page.waitForFunction((name) => Boolean((window as any)[name]), mark);

/** Opens the app and waits until all its files are kept on the phone. */
async function installed(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.url);
  await started(page);
  await marked(page, 'LIANXIN_OFFLINE');
  return page;
}

/** A word in IndexedDB, as the worker would keep it. */
const keepWord = (page: Page) => page.evaluate(() => new Promise<void>((done, failed) => {
  const open = indexedDB.open('shell-test', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('words').put('未发送', 1);
  open.onerror = () => failed(open.error);
  open.onsuccess = () => { open.result.close(); done(); };
}));
const databases = (page: Page) => page.evaluate(async () => (await indexedDB.databases()).map((db) => db.name));
const caches = (page: Page) => page.evaluate(async () => (await window.caches.keys()).filter((name) => name.startsWith('lianxin-')));
const checkForUpdate = (page: Page) => page.evaluate(async () => {
  await (await navigator.serviceWorker.ready).update().catch(() => {});
});

test('after one visit every address opens without a network', async ({ context }) => {
  const page = await installed(context);
  site.mode = 'off';
  for (const route of ['/', '/sync/outbox', '/votes/3f0e']) {
    await page.goto(site.url + route);
    await started(page);
    expect(new URL(page.url()).pathname.length).toBeGreaterThan(0);
  }
});

test('a new version waits, keeps what is unchanged, and takes over when asked', async ({ context }) => {
  const page = await installed(context);
  await keepWord(page);
  await page.evaluate(() => { (window as any).stillHere = true; });
  const [before] = await caches(page);
  site.version = 'newer-';
  site.forget();
  await checkForUpdate(page);
  await marked(page, 'LIANXIN_UPDATE');
  expect(await page.evaluate(() => (window as any).stillHere), 'no reload by itself').toBe(true);
  expect([...site.asked.keys()].filter((address) => address.startsWith('/assets/')), 'nothing loaded twice').toEqual([]);

  await Promise.all([page.waitForEvent('load'), page.evaluate(() => (window as any).LIANXIN_ACTIVATE())]);
  await started(page);
  await expect.poll(() => caches(page)).toHaveLength(1);
  expect(await caches(page)).not.toContain(before);
  expect(await databases(page)).toContain('shell-test');
});

test('another page is offered to follow, not reloaded', async ({ context }) => {
  const writing = await installed(context);
  const other = await installed(context);
  await writing.evaluate(() => { (window as any).stillHere = true; });
  site.version = 'newer-';
  await checkForUpdate(other);
  await marked(other, 'LIANXIN_UPDATE');
  await Promise.all([other.waitForEvent('load'), other.evaluate(() => (window as any).LIANXIN_ACTIVATE())]);
  await marked(writing, 'LIANXIN_UPDATE');
  expect(await writing.evaluate(() => (window as any).stillHere)).toBe(true);
});

test('a captive portal is never kept in place of the program', async ({ context }) => {
  const page = await installed(context);
  site.version = 'newer-';
  site.mode = 'portal';
  site.forget();
  await checkForUpdate(page);
  const portalSeen = () => [...site.asked.keys()].some((address) => address !== '/sw.js');
  await expect.poll(portalSeen, 'the portal answered for a file').toBe(true);
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).installing)).toBeNull();
  const kept = await page.evaluate(async () => {
    const texts = [];
    for (const name of await window.caches.keys()) {
      const cache = await window.caches.open(name);
      for (const request of await cache.keys()) texts.push(await (await cache.match(request))!.text());
    }
    return texts.join();
  });
  expect(kept).toContain('连心桥');
  expect(kept).not.toContain('portal-5e1f');
  expect(await page.evaluate(() => Boolean((window as any).LIANXIN_UPDATE)), 'nothing to take in').toBe(false);

  site.mode = 'normal';
  await checkForUpdate(page);
  await marked(page, 'LIANXIN_UPDATE');
});

test('a download that breaks goes on where it stopped', async ({ context }) => {
  const page = await context.newPage();
  await page.goto(`${site.url}/manifest.webmanifest`); // a page of the origin, without the program
  site.breakAfter = 3;
  const register = () => page.evaluate(() => navigator.serviceWorker.register('/sw.js').then(async (registration) => {
    const worker = registration.installing ?? registration.waiting ?? registration.active!;
    while (!['redundant', 'activated'].includes(worker.state)) await new Promise((done) => setTimeout(done, 20));
    return worker.state;
  }));
  expect(await register()).toBe('redundant');
  const kept = await page.evaluate(async () => {
    const [name] = await window.caches.keys();
    return (await (await window.caches.open(name!)).keys()).map((request) => new URL(request.url).pathname);
  });
  expect(kept).toHaveLength(3);
  site.breakAfter = Infinity;
  site.forget();
  expect(await register()).toBe('activated');
  for (const address of kept) expect(site.asked.get(address), `${address} again`).toBeUndefined();
});

test('the kill switch removes the program and itself, never the data', async ({ context }) => {
  const page = await installed(context);
  await keepWord(page);
  site.mode = 'kill';
  await checkForUpdate(page);
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  expect(await caches(page)).toEqual([]);
  expect(await databases(page)).toContain('shell-test');
  await page.reload();
  await started(page);
});

test('a program that does not come is said so, with a way to try again', async ({ page }) => {
  site.mode = 'broken-program';
  await page.goto(site.url);
  await expect(page.getByRole('alert')).toContainText('已保存在本机的内容不会丢失');
  site.mode = 'normal';
  await page.getByRole('button', { name: '重试' }).click();
  await started(page);
});

/** What the phone kept of the program rots on its disk. */
const rot = (page: Page) => page.evaluate(async () => {
  for (const name of await window.caches.keys()) {
    const cache = await window.caches.open(name);
    for (const { url } of await cache.keys()) {
      if (/\/ui\..*wasm$/.test(url)) await cache.put(url, new Response('rotten', { headers: { 'content-type': 'application/wasm' } }));
    }
  }
});

test('a version that does not start takes in the next one by itself', async ({ context }) => {
  const page = await installed(context);
  await rot(page);
  await page.reload();
  await expect(boot(page)).toHaveAttribute('data-boot', 'failed');
  site.version = 'newer-';
  await page.reload();
  await started(page);
});

test('a program that rotted on the phone is fetched anew by 重试', async ({ context }) => {
  const page = await installed(context);
  await rot(page);
  await page.reload();
  await page.getByRole('button', { name: '重试' }).click();
  await started(page);
});

test('chosen looks are there before the first paint, and /unsupported explains itself', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('ui.prefs', 'theme=dark;contrast=more;font=3;care=on;lang=en'));
  await page.goto(`${site.url}/unsupported`);
  await expect(boot(page)).toHaveAttribute('data-theme', 'dark');
  for (const [name, value] of [['data-contrast', 'more'], ['data-fs', '1.5'], ['data-care', 'on'], ['lang', 'en']] as const) {
    await expect(boot(page)).toHaveAttribute(name, value);
  }
  await expect(page.getByRole('alert')).toContainText('这个浏览器打不开连心桥');
});

test('a page whose part has not come says so, and comes with 重试', async ({ page }) => {
  site.gone = /part-ui-/;
  await page.goto(`${site.url}/about`);
  await expect(page.getByRole('alert').getByText('这一页还没有下载到本机')).toBeVisible();
  site.gone = undefined;
  await page.getByRole('button', { name: '重试' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.locator('.page-main')).toContainText('连心桥');
});

test('who reads English reads it from the first word, also without a network', async ({ context }) => {
  await context.addInitScript(() => localStorage.setItem('ui.prefs', 'lang=en'));
  const page = await installed(context);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  site.mode = 'off';
  await page.reload();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('who reads Chinese never loads the English texts before all is kept', async ({ page }) => {
  site.gone = /sw\.js/;
  await page.goto(site.url);
  await started(page);
  await expect(page.getByRole('button', { name: '登录' })).toBeVisible();
  expect([...site.asked.keys()].filter((address) => /part-/.test(address))).toEqual([]);
});
