// axe-core in a page of ours, and the looks in which a page must hold.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import type { Page } from '@playwright/test';
import type { Phone } from './app';

const source = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Light and dark, smallest and largest letters. */
export const LOOKS = ['light', 'dark'].flatMap((theme) => ['1', '1.8'].map((fs) => ({ theme, fs })));

/** Puts a look on without loading the page anew, as the settings do. */
export async function wear(page: Page, { theme, fs }: { theme: string; fs: string }) {
  await page.evaluate(async ([theme, fs]) => {
    document.documentElement.setAttribute('data-theme', theme!);
    document.documentElement.setAttribute('data-fs', fs!);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, [theme, fs]);
}

/** What axe calls serious or critical, one line each; and whether the page scrolls sideways. */
export async function troubles(page: Page): Promise<string[]> {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(source);
  return page.evaluate(async () => {
    const { violations } = await (window as any).axe.run(document, { resultTypes: ['violations'] });
    const out: string[] = violations
      .filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }: any) => nodes.map((node: any) => `${id}: ${node.target} ${node.any?.[0]?.message ?? node.failureSummary}`));
    const wide = document.scrollingElement!.scrollWidth - innerWidth;
    return wide > 0 ? [...out, `scrolls sideways by ${wide} px: ${widest()}`] : out;

    function widest() {
      const all = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
      return all.slice(-3).map((one) => `${one.tagName}.${one.className}`).join(' ');
    }
  });
}

/** For eyes (`LIANXIN_SHOTS=folder`): the page as a phone shows it in all looks, in 关怀模式, and on a desk. */
export async function shots(phone: Phone, what: string) {
  const { page } = phone;
  const name = what.replace(/[^\w-]+/g, '_');
  const care = (on: string) => page.evaluate((on) => document.documentElement.setAttribute('data-care', on), on);
  for (const look of LOOKS) {
    await wear(page, look);
    await phone.shot(`${name}-${look.theme}-${look.fs}`);
  }
  await wear(page, LOOKS[0]!);
  await care('on');
  await phone.shot(`${name}-care`);
  await care('off');
  await page.setViewportSize({ width: 1280, height: 800 });
  await phone.shot(`${name}-desk`);
  await page.setViewportSize(phone.size);
}
