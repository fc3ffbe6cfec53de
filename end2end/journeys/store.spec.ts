// The store's promises (what was put is there, keys sort as bytes, large values …) kept by this browser's IndexedDB:
// the same suite that runs in memory in the native tests, started in the real worker by `#self-test`.
import { expect, test } from '@playwright/test';
import { ShellSite } from '../lib/shell-site';

test('@store IndexedDB keeps every promise of the store', async ({ page }) => {
  const site = new ShellSite();
  await site.open();
  try {
    await page.goto(site.url);
    await page.waitForFunction(() => Boolean((window as any).LIANXIN_WORKER));
    const checked = await page.evaluate(() => new Promise<number>((done, failed) => {
      const worker = new Worker(`${(window as any).LIANXIN_WORKER}#self-test`, { type: 'module' });
      worker.onmessage = ({ data }) => { if (typeof data?.checked === 'number') done(data.checked); };
      worker.onerror = (event) => failed(new Error(event.message || 'the worker stopped'));
    }));
    expect(checked).toBeGreaterThanOrEqual(6);
  } finally {
    await site.close();
  }
});
