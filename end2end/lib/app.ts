// What a person does with the app, in words of the story. Selectors are labels people see.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, expect, type BrowserContext, type Locator, type Page } from '@playwright/test';

export const people = {
  member: { no: '0209002', name: '李大勇', password: 'dayong-2026' },
  writerA: { no: '0409002', name: '巴特尔', password: 'bateer-2026' },
  writerB: { no: '0409003', name: '其其格', password: 'qiqige-2026' },
  branchChair: { no: '0409004', name: '那顺', password: 'nashun-2026' },
  mineChair: { no: '0409001', name: '乌力吉', password: 'wuliji-2026' },
  publicity: { no: '0809002', name: '林秀兰', password: 'xiulan-2026' },
  rights: { no: '0809003', name: '苏敏', password: 'sumin-2026' },
  companyChair: { no: '0809001', name: '赵卫东', password: 'weidong-2026' },
  organiser: { no: '0809005', name: '高建业', password: 'jianye-2026' },
  admin: { no: '0809004', name: '周岚', password: 'zhoulan-2026' },
};
export type Someone = (typeof people)[keyof typeof people];

/** What everybody in the stories locks their phone with: members a PIN, whoever holds a post a passphrase. */
export const PIN = '271828';
export const PHRASE = '一班二班三班平安下井';

const executablePath = process.env.LIANXIN_CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** A phone: a Chromium profile of its own on disk, which survives closing and killing the browser. */
export class Phone {
  page!: Page;
  context!: BrowserContext;
  profile = fs.mkdtempSync(path.join(os.tmpdir(), 'lianxin-phone-'));
  readonly faults: string[] = [];
  /** Has signed in here and chosen a lock: every start asks for it. */
  private locked = false;
  /** For the browser's own settings of one story. */
  options: Parameters<typeof chromium.launchPersistentContext>[1] = {};
  /** Runs before the first page loads. */
  prepare: (context: BrowserContext) => Promise<void> = async () => {};

  constructor(readonly url: string, readonly size = { width: 360, height: 800 }) {}

  static async on(url: string, size?: { width: number; height: number }): Promise<Phone> {
    const phone = new Phone(url, size);
    await phone.start();
    return phone;
  }

  async start(url = this.url) {
    await this.startLocked(url);
    if (url.startsWith('http')) await this.unlock();
  }
  /** As far as a stranger comes. */
  async startLocked(url = this.url) {
    const mobile = this.size.width < 600;
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath, args, viewport: this.size, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
      hasTouch: mobile, isMobile: mobile, reducedMotion: 'reduce', ...this.options,
    });
    await this.prepare(this.context);
    this.context.setDefaultTimeout(20_000); // a missing button is told before the whole test times out
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    this.page.on('pageerror', (error) => this.faults.push(String(error)));
    await this.page.goto(url);
  }

  async close() {
    await this.context.close();
  }
  /** The same phone once more, from a copy of its profile. */
  copiedTo(folder: string): Phone {
    const clone = new Phone(this.url, this.size);
    fs.rmSync(clone.profile, { recursive: true });
    return Object.assign(clone, { profile: folder, locked: this.locked });
  }
  /** The end of the test: the profile goes too. */
  async done() {
    await this.context.close().catch(() => {});
    fs.rmSync(this.profile, { recursive: true, force: true });
  }

  async open(where: string) {
    await this.page.goto(this.url + where);
    await this.unlock();
    await this.settled();
  }
  /** Goes on within the running app, without loading it anew. */
  async go(where: string) {
    await this.page.evaluate((to) => {
      const link = document.createElement('a');
      link.href = to;
      document.body.append(link);
      link.click();
      link.remove();
    }, where);
    await this.settled();
  }
  private async settled() {
    await expect(this.page.locator('main#main').filter({ visible: true }).first()).toBeVisible();
  }

  /** From the sign-in page to home. The only way in for all journeys: what lies between the two belongs here. */
  async signIn(who: Someone) {
    await this.enter(who.no, who.password);
    await this.pastLock();
    await this.arrived(who);
  }
  /** Signed in: the first time on this phone a lock is chosen, later the one that is there is opened. */
  async pastLock() {
    const [unlock, inside] = [this.button('解锁'), this.page.locator('.app:not(.is-outside)')];
    await expect(this.lockChoice().or(unlock).or(inside).first()).toBeVisible({ timeout: 30_000 });
    if (await this.lockChoice().first().isVisible()) return this.chooseLock();
    this.locked ||= await unlock.isVisible();
    await this.unlock();
  }
  private lockChoice(): Locator {
    return this.field('设置 PIN').or(this.field('设置口令'));
  }
  /** The first time on this phone: a PIN, or for whoever holds a post a passphrase. */
  async chooseLock() {
    const [pin, phrase] = [this.field('设置 PIN'), this.field('设置口令')];
    await expect(pin.or(phrase)).toBeVisible({ timeout: 30_000 });
    if (await pin.isVisible()) {
      await pin.fill(PIN);
      await this.button('下一步').click();
      await this.field('再输一次').fill(PIN);
    } else {
      await phrase.fill(PHRASE);
      await this.field('再输一次口令').fill(PHRASE);
    }
    await this.button('完成').click();
    this.locked = true;
  }
  /** Every start of the app asks for the lock; nothing to do where nobody has chosen one. */
  async unlock() {
    if (!this.locked) return;
    const inside = this.page.locator('.app:not(.is-outside)');
    await expect(inside.or(this.button('解锁')).first()).toBeVisible({ timeout: 30_000 });
    if (await inside.isVisible()) return;
    const pin = this.field('PIN');
    if (await pin.isVisible()) await pin.fill(PIN);
    else await this.field('口令').fill(PHRASE);
    await this.button('解锁').click();
    await expect(inside).toBeVisible({ timeout: 30_000 });
  }
  /** Fills in the sign-in page and sends it off; who knows with what result. */
  async enter(no: string, password: string) {
    await this.field('工号').fill(no);
    await this.field('密码').fill(password);
    await this.page.locator('form').getByRole('button', { name: '登录' }).click();
  }
  /** Home of this person, after signing in or starting again. */
  async arrived(who: Someone) {
    await expect(this.page.getByText(`${who.name}，您好`)).toBeVisible({ timeout: 30_000 });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }
  field(name: string): Locator {
    return this.page.getByLabel(name, { exact: true });
  }
  toast(text: string): Locator {
    return this.page.locator('.toasts').getByText(text);
  }

  /** All of the program lies on the phone. Whoever loses the network before that is told on each page what is
   *  missing, so a journey that cuts it waits for this. */
  async kept() {
    await this.page.waitForFunction(() => (window as any).LIANXIN_OFFLINE === true, undefined, { timeout: 60_000 });
  }

  /** Everything is at the server: nothing waits and the last round was fine. Presses 立即同步 as a person would,
   *  because after failures the phone itself tries only every few minutes. */
  async delivered() {
    await this.go('/sync');
    await expect(async () => {
      const again = this.button('立即同步');
      if (!await this.page.getByText('已连上服务器').isVisible() && await again.isVisible()) await again.click();
      await expect(this.page.getByText('没有待上传的内容')).toBeVisible({ timeout: 5_000 });
      await expect(this.page.getByText('已连上服务器')).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 60_000 });
  }

  /** Begins a draft, fills it in, waits until it says that it is saved. Returns the address of the draft. */
  async write(title: string, text: string, pictures: string[] = []): Promise<string> {
    await this.go('/edit/news');
    await this.button('写稿').click();
    await expect(this.field('标题')).toBeVisible();
    await this.field('标题').fill(title);
    await this.field('正文').fill(text);
    for (const picture of pictures) {
      await this.page.locator('input[type=file]').nth(1).setInputFiles(picture);
      await expect(this.page.locator('.attach-row')).toHaveCount(pictures.indexOf(picture) + 1);
    }
    await expect(this.page.locator('.form-state')).toContainText('已保存在本机');
    return new URL(this.page.url()).pathname;
  }

  /** The phone has no room left, until the function that comes back is called. */
  async fill(): Promise<() => Promise<void>> {
    const browser = await this.context.newCDPSession(this.page);
    const { origin } = new URL(this.url);
    await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    return async () => {
      await browser.send('Storage.overrideQuotaForOrigin', { origin });
      await browser.detach();
    };
  }

  shot(name: string) {
    const folder = process.env.LIANXIN_SHOTS ?? path.join('out', 'shots');
    fs.mkdirSync(folder, { recursive: true });
    return this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
}

/** A picture file of about this many pixels a side, drawn in the browser so that it is a real one. */
export async function pictureFile(page: Page, side: number, name: string): Promise<string> {
  const data = await page.evaluate(async (side) => {
    const canvas = document.createElement('canvas');
    canvas.width = side;
    canvas.height = Math.round(side * 0.75);
    const pen = canvas.getContext('2d')!;
    for (let i = 0; i < 400; i++) {
      pen.fillStyle = `hsl(${(i * 37) % 360} 60% ${30 + (i % 50)}%)`;
      pen.fillRect(Math.random() * side, Math.random() * side, side / 8, side / 12);
    }
    const blob: Blob = await new Promise((done) => canvas.toBlob((b) => done(b!), 'image/png'));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  }, side);
  const file = path.join(os.tmpdir(), `${name}-${process.pid}.png`);
  fs.writeFileSync(file, Buffer.from(data, 'base64'));
  return file;
}
