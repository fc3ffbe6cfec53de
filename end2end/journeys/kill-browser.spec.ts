// The phone dies in the hand of whoever writes: battery, a fall, the system making room. Whatever the screen
// had called saved is there when the app is opened again, and nothing of it stands there twice.
import { expect, test } from '@playwright/test';
import { Phone, people } from '../lib/app';
import { stored } from '../lib/drafts';
import { killBrowser } from '../lib/kill';
import { Ledger, ROUNDS, between, pause } from '../lib/ledger';
import { Server } from '../lib/server';
import { Phone as Wire, uuid } from '../lib/wire.mjs';

/** Something that the screen called saved. */
type Line =
  | { what: 'words'; words: string }
  | { what: 'source'; value: string }
  | { what: 'submitted'; draft: string; title: string };

let server: Server;
let phone: Phone;
test.beforeEach(async () => {
  server = await Server.start();
  phone = await Phone.on(server.url);
});
test.afterEach(async () => {
  await phone.done();
  await server.stop();
});

test('SIGKILL of the browser after each 已保存在本机: nothing saved is gone, nothing is doubled', async () => {
  test.setTimeout(90_000 + ROUNDS * 20_000);
  const ledger = new Ledger<Line>();
  await phone.signIn(people.writerA);
  await phone.kept();
  const draft = await phone.write('断电也不丢', '起笔。');
  await phone.delivered();
  // Closed once in an orderly way, as on the evening before: Chromium writes cookies down every half minute,
  // and who loses power within it signs in again.
  await phone.close();
  await phone.start();

  const figures = { offline: 0, acts: 0, inTheMiddle: 0 };
  for (let round = 1; round <= ROUNDS; round++) {
    const offline = round % 2 === 0;
    figures.offline += Number(offline);
    if (offline) server.link.cut(); else server.link.restore();
    if (round % 5 === 0) {
      ledger.note(await submitNew(round));
      figures.acts++;
    } else {
      ledger.note(...await edit(draft, round));
    }
    const unsaved = round % 5 === 1 ? await writeMore(round) : undefined;
    figures.inTheMiddle += Number(unsaved !== undefined);
    await pause(between(0, unsaved ? 40 : 300));
    await killBrowser(phone);
    await phone.start();
    await isThere(draft, ledger.read(), unsaved);
  }

  server.link.restore();
  await phone.delivered();
  await isAtTheServer(draft, ledger.read());
  expect(phone.faults).toEqual([]);
  console.log(`kill-browser: ${ROUNDS} kills (${figures.offline} offline, ${figures.acts} after an act, ${figures.inTheMiddle} in the middle of a write)`
    + ` · ${ledger.read().length} things called saved, 0 lost, 0 doubled`);
  ledger.remove();
});

/** Adds a sentence, every third time also another source; returns what the screen then calls saved. */
async function edit(draft: string, round: number): Promise<Line[]> {
  await phone.go(draft);
  const text = phone.field('正文');
  await expect(text).toHaveValue(/^起笔。/);
  const words = `〔${round}〕`;
  await text.fill((await text.inputValue()) + words);
  const lines: Line[] = [{ what: 'words', words }];
  if (round % 3 === 0) {
    await phone.field('来源单位选填').fill(`第 ${round} 版`);
    lines.push({ what: 'source', value: `第 ${round} 版` });
  }
  await saved();
  return lines;
}

/** The line under the form: first it says that it is at it, then that it is done. */
async function saved() {
  await expect(phone.page.locator('.form-state')).toContainText('正在保存');
  await phone.page.waitForFunction(
    () => document.querySelector('.form-state')?.textContent?.startsWith('已保存在本机'), undefined, { polling: 'raf' });
}

/** Begins another draft and hands it in; the toast calls that saved. */
async function submitNew(round: number): Promise<Line> {
  const title = `第 ${round} 篇`;
  const draft = await phone.write(title, `${title}：今天在现场。`);
  await phone.button('提交审核').click();
  await phone.page.locator('.toasts').getByText('已保存在本机').waitFor();
  return { what: 'submitted', draft, title };
}

/** One more field, and the phone goes into the pocket, which writes at once. Nobody waits for it. */
async function writeMore(round: number): Promise<string> {
  const summary = `第 ${round} 次摘要`;
  await phone.field('摘要选填').fill(summary);
  await phone.page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  return summary;
}

/** The phone has everything of the ledger, once; what nobody called saved is there whole or not at all. */
async function isThere(draft: string, lines: Line[], unsaved?: string) {
  await phone.go(draft);
  await expect(phone.field('正文')).toHaveValue(/^起笔。/, { timeout: 20_000 });
  wordsOnce(await phone.field('正文').inputValue(), lines);
  if (unsaved) expect(await phone.field('摘要选填').inputValue()).toMatch(new RegExp(`^(${unsaved}|第 \\d+ 次摘要|)$`));
  const source = lines.filter((line) => line.what === 'source').pop();
  if (source) await expect(phone.field('来源单位选填')).toHaveValue(source.value);
  const last = lines[lines.length - 1];
  if (last?.what !== 'submitted') return;
  await phone.go(last.draft);
  await expect(phone.page.locator('.doc-head')).toContainText('待初审', { timeout: 20_000 });
  await expect(phone.page.locator('.track-node', { hasText: '提交审核' })).toHaveCount(1);
}

function wordsOnce(text: string, lines: Line[]) {
  for (const line of lines) {
    if (line.what === 'words') expect(text.split(line.words), `${line.words} in ${text}`).toHaveLength(2);
  }
}

/** The server has it as well: the same words once, one act for each draft handed in, no draft twice. */
async function isAtTheServer(draft: string, lines: Line[]) {
  const wire: any = new Wire(`http://127.0.0.1:${server.port}`);
  await wire.signIn(people.writerA.no, people.writerA.password);
  const titles: string[] = [];
  await wire.pull(({ docs }: any) => {
    for (const doc of docs) if (doc.kind === 'news.draft' && uuid(doc.row.owner) === uuid(wire.who.person)) titles.push(doc.row.title);
  });
  const handedIn = lines.flatMap((line) => (line.what === 'submitted' ? [line] : []));
  const mine = titles.filter((title) => /^第 \d+ 篇$|^断电也不丢$/.test(title)).sort();
  expect(mine).toEqual([...handedIn.map((line) => line.title), '断电也不丢'].sort());

  const id = (address: string) => address.split('/').pop()!;
  const there = await stored(wire, [draft, ...handedIn.map((line) => line.draft)].map(id));
  wordsOnce(String(there.get(id(draft))!.values.text), lines);
  for (const line of handedIn) {
    expect(there.get(id(line.draft))!.acts).toHaveLength(1);
    expect(there.get(id(line.draft))!.values.text).toBe(`${line.title}：今天在现场。`);
  }
}
