// What people write never runs (threat model W1): 500 hostile texts in names, names of units, titles, Markdown,
// appeals, opinions and captions of pictures. They come in as from a hostile client, through sync; then people
// open every page on which they stand. Nothing may run, and the page's policy must not even have had to stop it.
import { createHash, randomBytes } from 'node:crypto';
import * as A from '@automerge/automerge';
import { expect, test, type Page } from '@playwright/test';
import { Phone as Browser, people, type Someone } from '../lib/app';
import { payloads } from '../lib/payloads';
import { Server } from '../lib/server';
import { Phone, bytesOf, encode, uuid } from '../lib/wire.mjs';

const organiser: Someone = { no: '0809005', name: '高建业', password: 'jianye-2026' };
const AT_ONCE = 20; // payloads in one text, so that 25 pages show all of them
const parts = <T>(all: T[], size: number): T[][] => all.length ? [all.slice(0, size), ...parts(all.slice(size), size)] : [];
const fit = (text: string, most: number) => [...text].slice(0, most).join('');

let server: Server;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });

test('five hundred hostile texts in six places run nowhere', async () => {
  test.setTimeout(600_000);
  expect(payloads.length).toBe(500);
  const { drafts, articles, matters } = await seed();

  const phone = await Browser.on(server.url);
  const watch = await watched(phone.page);
  await phone.signIn(people.writerA);
  await phone.delivered();
  for (const place of ['/', '/edit/news', '/news', '/members', '/todo', '/inbox', '/sync']) {
    await phone.go(place);
    await scrolled(phone.page);
  }
  await phone.go('/members');
  const first = phone.page.locator('a[href^="/members/"]').first();
  if (await first.count()) { await first.click(); await phone.page.waitForTimeout(300); }
  for (const id of drafts) {
    await phone.go(`/edit/news/${id}`);
    await phone.page.waitForTimeout(250);
    await scrolled(phone.page);
  }
  for (const id of articles) {
    await phone.go(`/news/${id}`);
    await phone.page.waitForTimeout(250);
    await scrolled(phone.page);
  }
  await phone.go('/rights');
  await scrolled(phone.page);
  for (const id of matters) {
    await phone.go(`/rights/${id}`);
    await phone.page.waitForTimeout(250);
  }
  const seen = await watch();
  expect(seen.shown, 'the pages did show hostile texts').toBeGreaterThan(drafts.length);
  expect(seen).toMatchObject({ ran: 0, dialogs: 0, reports: [], elsewhere: [] });
  expect(phone.faults).toEqual([]);
  await phone.done();
});

test('a script that got into the page could not go on from there', async () => {
  const phone = await Browser.on(server.url);
  // In a turn of its own: what the test's tools run directly may use eval whatever the page's policy says.
  const stopped = await phone.page.evaluate(() => new Promise<Record<string, string>>((done) => setTimeout(() => {
    const tried = (what: () => unknown) => { try { what(); return 'ran'; } catch (error) { return (error as Error).name; } };
    done({
      html: tried(() => { document.createElement('div').innerHTML = '<b>x</b>'; }),
      url: tried(() => new Worker('/assets/other.js')),
      foreign: tried(() => new Worker('https://evil.test/x.js')),
      code: tried(() => (0, eval)('1')),
      made: tried(() => new Function('return 1')()),
      policy: tried(() => (window as any).trustedTypes.createPolicy('mine', { createHTML: (text: string) => text })),
    });
  })));
  expect(stopped).toEqual({ html: 'TypeError', url: 'TypeError', foreign: 'TypeError', code: 'EvalError', made: 'EvalError', policy: 'TypeError' });
  await phone.done();
});

/** Counts what must not happen; returns what did. */
async function watched(page: Page) {
  const found = { dialogs: 0, reports: [] as string[], elsewhere: [] as string[], shown: 0 };
  page.on('dialog', (dialog) => { found.dialogs++; void dialog.dismiss(); });
  page.on('request', (request) => { if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) found.elsewhere.push(request.url()); });
  page.on('console', (message) => { if (/Content.Security.Policy|Trusted/i.test(message.text())) found.reports.push(message.text()); });
  await page.evaluate(() => document.addEventListener('securitypolicyviolation', (e) => ((window as any).__reports ??= []).push(e.violatedDirective)));
  return async () => {
    const inside = await page.evaluate(() => ({ ran: (window as any).__ran ?? 0, reports: (window as any).__reports ?? [], shown: (window as any).__shown ?? 0 }));
    return { ...found, ran: inside.ran, reports: [...found.reports, ...inside.reports], shown: inside.shown };
  };
}

/** Down to the end, so that lists draw all their rows; counts the texts that stand there. */
async function scrolled(page: Page) {
  for (let i = 0; i < 12; i++) {
    const more = await page.evaluate(() => {
      const box = [...document.querySelectorAll<HTMLElement>('*')].find((one) => one.scrollHeight > one.clientHeight + 50 && /auto|scroll/.test(getComputedStyle(one).overflowY)) ?? document.scrollingElement!;
      const before = box.scrollTop;
      box.scrollTop += 700;
      const words = document.body.innerText.match(/__ran|javascript:|onerror|onload/g)?.length ?? 0;
      (window as any).__shown = Math.max((window as any).__shown ?? 0, 0) + words;
      return box.scrollTop > before;
    });
    await page.waitForTimeout(60);
    if (!more) return;
  }
}

/** Everything hostile, pushed by people whose phones are not ours. */
async function seed() {
  const writer = await signedIn(people.writerA);
  const chair = await signedIn(people.branchChair);
  const boss = await signedIn(organiser);
  // Names of people and of their branches; they turn up in lists, on records, in the people of a unit.
  const persons = payloads.map((text, i) => ({
    kind: 'org.person', unit: 'LB04.3',
    values: { no: `X${1000 + i}`, name: fit(text, 40), branch_name: fit(payloads[(i + 250) % 500], 60), job: fit(text, 40), initials: 'xx' },
  }));
  await boss.push(persons.map((one) => born(boss, one)));
  const [mine, publicity] = [await signedIn(people.mineChair), await signedIn(people.publicity)];
  const [drafts, articles]: string[][] = [[], []];
  for (const [i, some] of parts(payloads, AT_ONCE).entries()) {
    const captions = Object.fromEntries(some.map((text, j) => [`pics/${createHash('sha256').update(`${i} ${j}`).digest('hex')}`, fit(text, 100)]));
    const values = { column: 'news', title: fit(some[0], 60), subtitle: fit(some[1], 80), summary: fit(some[2], 200), author: fit(some[3], 40), source: fit(some[4], 60), audience: 'public', ...captions };
    const one = born(writer, { kind: 'news.draft', unit: 'LB04.3', values, text: some.join('\n\n') });
    await writer.push([one]);
    drafts.push(uuid(one.doc));
    for (const opinion of some) {
      await writer.push([decided(writer, one.doc, 'submit')]);
      await chair.push([decided(chair, one.doc, { return: { opinion } })]);
    }
    await writer.push([decided(writer, one.doc, 'submit')]);
    for (const by of [chair, mine, publicity]) await by.push([decided(by, one.doc, { approve: { opinion: '同意' } })]);
    const article = born(publicity, { kind: 'news.article', unit: 'LB04.3', values, text: some.join('\n\n'), id: derived('news.article', one.doc) });
    await publicity.push([article, decided(publicity, article.doc, { publish: { draft: one.doc } })]);
    articles.push(uuid(article.doc));
  }
  // Titles: one for each, of records that stand in the lists.
  const matters = payloads.map((text, i) => born(writer, {
    kind: 'appeal.matter', unit: 'LB04', text: parts(payloads, AT_ONCE)[i % 25].join('\n\n'),
    values: { kind: 'claim', title: fit(text, 60), place: fit(text, 80), involved: fit(text, 60) },
  }));
  await writer.push(matters);
  return { drafts, articles, matters: matters.slice(0, 25).map((one) => uuid(one.doc)) };
}

async function signedIn(who: Someone): Promise<any> {
  const phone: any = new Phone(server.url);
  await phone.signIn(who.no, who.password);
  return phone;
}

interface Birth { kind: string; unit: string; values: Record<string, string>; text?: string; id?: string }

function born(phone: any, { kind, unit, values, text, id = uuid(v4()) }: Birth): any {
  const actor = createHash('sha256').update(phone.device).update(id).digest('hex').slice(0, 32);
  const owner = kind === 'org.person' ? id : uuid(phone.who.person);
  const doc = A.change(A.init<any>({ actor }), (doc: any) => {
    const all = { '@kind': kind, '@owner': owner, '@unit': unit, ...values };
    for (const [key, value] of Object.entries(all)) doc[key] = new A.ImmutableString(value);
    doc['@born'] = 1_795_000_000_123;
    if (text !== undefined) doc.text = fit(text, 1_800);
  });
  return { doc: bytesOf(id), item: { Change: A.getLastLocalChange(doc)! } };
}

function decided(phone: any, doc: Buffer, act: unknown) {
  const entry = { id: v4(), doc, by: phone.who.person, device: phone.device, at_ms: 1_795_000_000_123, about: [], act: encode(act), receipt: null };
  return { doc, item: { Act: entry } };
}

function v4(): Buffer {
  const id = randomBytes(16);
  id[6] = (id[6] & 0x0f) | 0x40;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}

/** The id that an offspring has (domain::DocId::derive): SHA-256 over parts with their lengths, as a UUID of version 8. */
function derived(word: string, doc: Buffer): string {
  const hash = createHash('sha256');
  for (const part of [Buffer.from(word), doc]) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(part.length);
    hash.update(length).update(part);
  }
  const id = hash.digest().subarray(0, 16);
  id[6] = (id[6] & 0x0f) | 0x80;
  id[8] = (id[8] & 0x3f) | 0x80;
  return uuid(id);
}
