// Nobody's records are locked in: what this server hands out is ordinary Automerge, which the public JavaScript
// library opens with the same values, and what that library writes is taken like any phone's work.
// The library here shares no code with ours beyond Automerge's own file format.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as A from '@automerge/automerge';
import { expect, test } from '@playwright/test';
import { Server } from '../lib/server';
import { Phone, bytesOf, encode, uuid, variant } from '../lib/wire.mjs';

type Values = Record<string, unknown>;

const TITLE = '青石岭煤矿工会“井口送清凉”走进综采队';
const TEXT = '7 月 18 日，青石岭煤矿工会在井口为综采一队送去绿豆汤和防暑药品。';
/** A picture is named by its SHA-256. */
const PICTURE = createHash('sha256').update('a picture').digest('hex');
const PLAIN = { column: 'news', title: TITLE, author: '李大勇', source: '青石岭煤矿工会', audience: 'public', [`pics/${PICTURE}`]: '绿豆汤' };

let server: Server;

test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });

test('documents of the server open in the public library with the values of the roster', async () => {
  const { phone } = await signedIn('branch_officer', 'unit_chair', 'company_chair');
  const rows = (await rowsOf(phone, 'org.person')).slice(0, 30);
  expect(rows.length).toBeGreaterThan(5);
  const { docs } = await phone.sync({ want: rows.map((row) => row.id) });
  // People come as lines for lists; whole only when asked for.
  const whole = docs.filter((doc: any) => doc.kind === 'org.person' && doc.body !== 'None');
  expect(whole).toHaveLength(rows.length);
  const roster = readRoster();
  for (const { body } of whole) {
    const values = plain(opened(body));
    const line = roster.get(String(values.no))!;
    expect(values).toMatchObject({ '@kind': 'org.person', name: line['姓名'], sex: line['性别'], job: line['岗位'], employment: line['用工形式'] });
    expect(values.member ?? false).toBe(line['是否会员'] === '是');
  }
});

test('an exported document opens in the public library with the same values as the phone has', async () => {
  const { phone, unit } = await signedIn('branch_officer');
  const id = await found(phone, unit, TITLE);
  await phone.push([await submit(phone, id)]);
  const [frame] = await docsOf(phone.another(), [id]);
  const here = plain(opened(frame.body));

  const answer = await phone.api('export_document', { id: bytesOf(id) });
  const asked = plain(A.load(answer.automerge));
  const file = await exportFile(id);
  expect(asked).toEqual(here);
  expect(plain(A.load(file.automerge))).toEqual(here);
  for (const acts of [JSON.parse(answer.acts_json), file.acts]) {
    expect(JSON.stringify(acts)).toContain('submit');
  }
});

test('a document of the public library is taken, and people on the server read it', async () => {
  const { phone, unit } = await signedIn('branch_officer');
  const id = await found(phone, unit, TITLE);

  const other = phone.another();
  const [frame] = await docsOf(other, [id]);
  // The line for lists is the server's own reading of the document.
  expect(frame.row).toMatchObject({ title: TITLE, kind: 'news.draft', unit });
  expect(plain(opened(frame.body))).toEqual({ ...metaOf(phone, unit), text: TEXT, pinned: false, ...PLAIN });
});

test('edits of the public library and of another phone merge, whoever comes first', async () => {
  const { phone, unit } = await signedIn('branch_officer');
  const id = await found(phone, unit, TITLE);
  const [first, second] = await Promise.all([phone.another(), phone.another()].map(async (device) => {
    const [frame] = await docsOf(device, [id]);
    return { device, doc: A.clone(opened(frame.body), { actor: actor(device.device, id) }) };
  }));
  first.doc = A.change(first.doc, (doc: any) => { A.splice(doc, ['text'], 0, 0, '（记者 李大勇）'); });
  second.doc = A.change(second.doc, (doc: any) => {
    A.splice(doc, ['text'], doc.text.length, 0, '大家说，家里人也放心了。');
    doc.source = new A.ImmutableString('红柳滩分会');
  });
  for (const { device, doc } of [second, first]) await device.push([change(id, doc)]);

  for (const { device } of [first, second]) {
    const [frame] = await docsOf(device.another(), [id]);
    const values = plain(opened(frame.body));
    expect(values.text).toBe(`（记者 李大勇）${TEXT}大家说，家里人也放心了。`);
    expect(values.source).toBe('红柳滩分会');
  }
});

test('what does not fit is refused with a sentence, and the next change still goes', async () => {
  const { phone, unit } = await signedIn('branch_officer');
  const id = await found(phone, unit, TITLE);
  const [frame] = await docsOf(phone.another(), [id]);
  const doc = A.clone(opened(frame.body), { actor: actor('stranger', id) });
  // An ordinary JavaScript string becomes a text object, which a short field is not.
  const wrong = A.change(doc, (doc: any) => { doc.title = '另一个标题'; });
  const refused = phone.push([change(id, wrong)]);
  await expect(refused).rejects.toThrow(/Refused/);

  const right = A.change(A.clone(doc, { actor: actor('stranger-2', id) }), (doc: any) => { doc.title = new A.ImmutableString('另一个标题'); });
  await phone.push([change(id, right)]);
  const [after] = await docsOf(phone.another(), [id]);
  expect(after.row.title).toBe('另一个标题');
});

/** Whole number of milliseconds, as a birth claims it. */
const BORN = 1_795_000_000_123;

/** A demo account with one of these roles, signed in, and the unit of that post. */
async function signedIn(...roles: string[]): Promise<{ phone: any; unit: string }> {
  const phone: any = new Phone(server.url);
  const { demo } = await phone.api('about');
  for (const { no, password } of demo) {
    const who = await phone.signIn(no, password);
    const post = who.posts.find((one: any) => roles.includes(one.role));
    if (post) return { phone, unit: post.at };
    await phone.api('sign_out');
  }
  throw new Error(`the demo has nobody with ${roles}`);
}

/** Begins a draft as the phone's person, written by the JavaScript library alone; its id. */
async function found(phone: any, unit: string, title: string): Promise<string> {
  const id = uuid(v4());
  const meta = metaOf(phone, unit);
  const values: Values = { ...meta, ...PLAIN, title, pinned: false };
  const doc = A.change(A.init<any>({ actor: actor(phone.device, id) }), (doc: any) => {
    for (const [key, value] of Object.entries(values)) doc[key] = typeof value === 'string' ? new A.ImmutableString(value) : value;
    doc.text = TEXT;
  });
  await phone.push([change(id, doc)]);
  return id;
}

/** What the first change says once and nobody writes again (domain::crdt::META_KEYS). */
const metaOf = (phone: any, unit: string): Values =>
  ({ '@kind': 'news.draft', '@owner': uuid(phone.who.person), '@unit': unit, '@born': BORN });

function v4(): Buffer {
  const id = randomBytes(16);
  id[6] = (id[6] & 0x0f) | 0x40;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}

/** Rows of a kind, from everything that the phone may see. */
async function rowsOf(phone: any, kind: string): Promise<any[]> {
  const rows: any[] = [];
  await phone.another().pull(({ docs }: any) => { for (const doc of docs) if (doc.kind === kind) rows.push(doc.row); });
  return rows;
}

/** The demo's rosters as they were imported: staff number → line. */
function readRoster(): Map<string, Record<string, string>> {
  const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../server/demo');
  const lines = ['roster.csv', 'officers.csv'].flatMap((name) => {
    const text = fs.readFileSync(path.join(folder, name), 'utf8').replace(/^\uFEFF/, '').trim();
    const [head, ...rest] = text.split(/\r?\n/).map((line) => line.split(','));
    return rest.map((cells) => Object.fromEntries(head.map((column, i) => [column, cells[i]])));
  });
  return new Map(lines.map((line) => [line['工号'], line]));
}

/** The person asks for review: the act that stands in the record of acts. */
async function submit(phone: any, id: string) {
  const act = encode('submit');
  const entry = { id: v4(), doc: bytesOf(id), by: phone.who.person, device: phone.device, at_ms: BORN, about: [], act, receipt: null };
  return { doc: bytesOf(id), item: { Act: entry } };
}

/** What `lianxin export` writes for a document. */
async function exportFile(id: string) {
  const out = path.join(server.data, 'exported.automerge');
  await promisify(execFile)(process.env.LIANXIN_BIN!, ['export', '--data', server.data, '--doc', id, '--out', out]);
  const acts = JSON.parse(fs.readFileSync(`${out}.acts.json`, 'utf8'));
  return { automerge: fs.readFileSync(out), acts };
}

/** 16 bytes, another one for each device and document. */
function actor(device: string, id: string): string {
  return createHash('sha256').update(device).update(id).digest('hex').slice(0, 32);
}

function change(id: string, doc: A.Doc<any>) {
  const raw = A.getLastLocalChange(doc)!;
  // Only plain chunks are let in: type 1. The library writes deflated ones (type 2) nowhere on this way.
  expect(raw[8]).toBe(1);
  return { doc: bytesOf(id), item: { Change: raw } };
}

/** Frames of these documents, from everything that the phone may see or by asking for them. */
async function docsOf(phone: any, ids: string[]): Promise<any[]> {
  const frames = new Map<string, any>();
  await phone.pull(({ docs }: any) => {
    for (const doc of docs) if (ids.includes(uuid(doc.id))) frames.set(uuid(doc.id), doc);
  });
  return ids.map((id) => frames.get(id) ?? expect(null, `${id} did not come`).not.toBeNull());
}

function opened(body: any): A.Doc<any> {
  const [form, bytes] = variant(body);
  if (form === 'Snapshot') return A.load<any>(bytes);
  if (form === 'Delta') return A.applyChanges(A.init<any>(), bytes)[0];
  throw new Error('a document came without its body');
}

function plain(doc: A.Doc<any>): Values {
  return Object.fromEntries(Object.entries(doc).map(([key, value]) => [key, A.isImmutableString(value) ? value.toString() : value]));
}
