// What goes wrong in real life: each time a sentence says what happened and what to do, nothing is called saved
// that is not, and nothing is lost.
import { expect, test } from '@playwright/test';
import { Phone, people, pictureFile } from '../lib/app';
import { Draft, stored } from '../lib/drafts';
import { hollow, noisePng, written } from '../lib/files';
import { Server } from '../lib/server';
import { Phone as Wire, decode, encode, uuid, variant } from '../lib/wire.mjs';

let server: Server;
let phone: Phone;
test.beforeAll(async () => { server = await Server.start(); });
test.afterAll(async () => { await server.stop(); });
test.beforeEach(async () => {
  test.setTimeout(240_000);
  phone = await Phone.on(server.url);
});
test.afterEach(async () => {
  server.link.restore();
  await phone.done();
});

test('a wrong password', async () => {
  await phone.enter(people.member.no, 'not-the-password');
  await says('工号或密码不正确，请检查后再试。没有密码或忘记密码，请找所在单位工会（E-SIGN-2）');
  await expect(phone.field('工号')).toHaveValue(people.member.no);
  await phone.signIn(people.member);
  expect(phone.faults).toEqual([]);
});

test('a session that ends while the outbox drains', async () => {
  await phone.signIn(people.writerA);
  await phone.kept();
  const picture = await pictureFile(phone.page, 1_200, 'session');
  server.link.cut();
  const draft = await phone.write('登录过期', '文字在前，图片在后。', [picture]);
  await phone.button('提交审核').click();
  await expect(phone.toast('已保存在本机')).toBeVisible();
  // Words and act have gone up, the picture is on its way: now somebody ends the session elsewhere.
  let ended = false;
  server.link.restore();
  server.link.before = async (bytes) => {
    if (!ended && bytes.startsWith('PUT /blobs/')) { ended = true; await endSession(); }
  };

  await phone.go('/sync');
  await says('登录已过期，待上传的内容都在，登录后继续');
  await expect(phone.page.locator('a.cell, .cell', { hasText: '图片或文件' }).first()).toBeVisible();
  await expect(phone.page.locator('.syncbar-place')).not.toContainText('已同步');
  await phone.page.getByRole('button', { name: '登录' }).first().click();
  await says('登录已过期。重新登录后继续上传，本机内容一条不少');
  await expect(phone.field('工号')).toHaveValue(people.writerA.no);
  await phone.enter(people.writerA.no, 'not-the-password');
  await says('工号或密码不正确');
  await phone.enter(people.writerA.no, people.writerA.password);
  await phone.delivered();
  const doc = await atServer(draft);
  expect(doc.values.text).toBe('文字在前，图片在后。');
  expect(doc.acts).toHaveLength(1);
  await hasPicture(doc.values);
});

test('a captive portal that answers everything with its own page', async () => {
  await phone.signIn(people.writerA);
  await phone.delivered();
  await phone.kept();
  server.link.portal();
  const draft = await phone.write('门户网络', '写的时候没有真正的网络。');
  await expect(phone.page.locator('.syncbar')).toContainText('离线');
  await phone.go('/sync');
  await says('当前网络要求先在浏览器登录认证，认证后会自动同步（E-NET-PORTAL）');
  await says('没有连上服务器，照常可以看和写');
  server.link.restore();
  await phone.delivered();
  expect((await atServer(draft)).values.text).toBe('写的时候没有真正的网络。');
  // Live hints are back as well, not only the round once a minute.
  await phone.go('/edit/news');
  const wire = await signedIn(people.writerB);
  await wire.push([new Draft(wire, wire.who.posts[0].at).begin('门户之后', '别人写的。')].map(({ doc, item }) => ({ doc, item })));
  await expect(phone.page.locator('a.cell', { hasText: '门户之后' })).toBeVisible({ timeout: 15_000 });
});

test('signing in behind a captive portal', async () => {
  await phone.kept();
  server.link.portal();
  await phone.enter(people.member.no, people.member.password);
  await says('回答的不是工会服务器，可能要先登录这里的 Wi-Fi。请打开浏览器检查后再试（E-NET-2）');
  server.link.restore();
  await phone.button('登录').click();
  await phone.pastLock();
  await phone.arrived(people.member);
});

test('pictures that are too large or none at all', async () => {
  await phone.signIn(people.writerA);
  const draft = await phone.write('大图', '三张图片。');
  const input = phone.page.locator('input[type=file]').nth(1);
  await input.setInputFiles(hollow('70mb.png', 70_000_000));
  await says('图片没有加入：文件太大，请选 60 MB 以内的图片');
  await input.setInputFiles(written('words.png', Buffer.from('这不是图片')));
  await says('图片没有加入：打不开这张图片，请换成 JPG 或 PNG 再试');

  // 3,300² pixels of noise: a real picture of 33 MB, which nothing but fewer pixels makes small.
  await input.setInputFiles(noisePng(3_300, '33mb.png'));
  await expect(phone.page.locator('.attach-row')).toHaveCount(1, { timeout: 60_000 });
  await expect(phone.page.locator('.form-state')).toContainText('已保存在本机');
  await phone.delivered();
  const { values } = await atServer(draft);
  expect(values.text).toBe('三张图片。');
  expect(await hasPicture(values)).toBeLessThan(4_000_000);
  expect(phone.faults).toEqual([]);
});

test('an address of something that does not exist', async () => {
  await phone.signIn(people.member);
  await phone.delivered();
  await phone.kept();
  const online = '这份材料不在本机，或您没有查看权限。联网后再试，或联系所在单位工会';
  const offline = '这份材料还没有下载到本机，联网后打开一次，以后离线也能看';
  for (const [link, gone] of [['restore', online], ['cut', offline]] as const) {
    server.link[link]();
    for (const place of ['/news/', '/rights/', '/members/']) {
      await phone.open(place + crypto.randomUUID());
      await says(gone);
    }
    await phone.open('/news/not-a-number');
    await says('这个地址没有内容');
    await phone.open('/nowhere');
    await says('可能是链接写错了，或者栏目已经调整');
    await phone.go('/');
    await phone.arrived(people.member);
  }
  expect(phone.faults).toEqual([]);
});

test('requests that are cut short, too large or not ours', async () => {
  const wire = await signedIn(people.writerA);
  const draft = new Draft(wire, wire.who.posts[0].at);
  const push = draft.begin('残缺的请求', '一字不少。');
  const { seq, doc, item } = push;
  const body = encode({ proto: 1, device: wire.device, epoch: '', cursors: {}, push: [{ seq, doc, item }], want: [] });
  const mime = 'application/vnd.lianxin.sync';

  for (const short of [body.subarray(0, 0), body.subarray(0, 1), body.subarray(0, body.length / 2), body.subarray(0, body.length - 1)]) {
    await refused(await wire.post('/sync', mime, short), 400, 'E-SYNC-2', '同步的数据不完整，没有任何改动。会自动再试');
  }
  await refused(await wire.post('/sync', mime, Buffer.alloc(1024 * 1024 + 1)), 413, 'E-SYNC-3', '一次发送的内容太多，没有任何改动。请更新应用后分批发送');
  await refused(await wire.post('/sync', 'text/html', body), 415, 'E-SYNC-1', '服务器没有看懂这次同步，请更新应用');
  const torn = { seq, doc, item: { Change: (item as any).Change.subarray(0, 40) } };
  const [fate] = [...(await wire.sync({ push: [torn] })).acks.values()];
  expect(variant(fate)[0]).toBe('Refused');
  expect((await stored(wire, [draft.id])).size).toBe(0);

  await wire.push([{ doc, item }]);
  expect((await stored(wire, [draft.id])).get(draft.id)!.values.text).toBe('一字不少。');
});

test('answers that never arrive: what was accepted stands once', async () => {
  await phone.signIn(people.writerA);
  await phone.delivered();
  await phone.kept();
  server.link.cut();
  const title = '没有回音';
  const draft = await phone.write(title, '写了一遍。');
  await phone.button('提交审核').click();
  await expect(phone.toast('已保存在本机')).toBeVisible();
  server.link.dropAnswers();
  await expect.poll(async () => (await atServer(draft))?.acts.length, { timeout: 90_000 }).toBe(1);
  await phone.go('/sync');
  await expect(phone.page.getByText('没有待上传的内容')).toHaveCount(0);

  server.link.restore();
  await phone.delivered();
  const doc = await atServer(draft);
  expect([doc.values.text, doc.acts.length]).toEqual(['写了一遍。', 1]);
  expect(await draftsNamed(title)).toBe(1);
  await phone.go('/edit/news');
  await expect(phone.page.locator('a.cell', { hasText: title })).toHaveCount(1);
  await phone.go(draft);
  await expect(phone.page.locator('.track-node', { hasText: '提交审核' })).toHaveCount(1);
});

test('answers that break off in the middle', async () => {
  await phone.kept();
  server.link.tear(4_000);
  await phone.signIn(people.writerA);
  await phone.go('/sync');
  await says('没有连上服务器，照常可以看和写');
  const draft = await phone.write('断断续续', '网络时有时无。');
  server.link.restore();
  await phone.delivered();
  expect((await atServer(draft)).values.text).toBe('网络时有时无。');
  await phone.go('/members');
  await expect(phone.page.locator('a.cell').first()).toBeVisible();
});

test('a phone without room', async () => {
  await phone.signIn(people.writerA);
  const draft = await phone.write('没有空间', '有空间时写的。');
  await phone.delivered();
  await phone.go(draft);
  const room = await phone.fill();
  const full = '手机空间已满，这一步还没有保存，文字仍在屏幕上。请先删去不用的照片、视频或应用，再试一次（E-STORE-FULL）';
  // Chromium lets a little more in before it asks how much room there is: until then it is really saved.
  let words = '有空间时写的。';
  await expect(async () => {
    await phone.field('正文').fill(words += '又一句。');
    await expect(phone.page.locator('.form-state')).toHaveText(full, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  // Handing in waits for the words; who leaves and comes back finds them.
  await phone.button('提交审核').click();
  await expect(phone.toast(full)).toBeVisible();
  await phone.go('/');
  await phone.arrived(people.writerA);
  await phone.go(draft);
  await expect(phone.field('正文')).toHaveValue(words);
  await expect(phone.page.locator('.form-state')).toHaveText(full);

  await room();
  await expect(phone.page.locator('.form-state')).toContainText('已保存在本机', { timeout: 60_000 });
  await phone.open(draft);
  await expect(phone.field('正文')).toHaveValue(words);
  await phone.delivered();
  expect((await atServer(draft)).values.text).toBe(words);
  expect(phone.faults).toEqual([]);
});

test('words typed in the half second before leaving the page', async () => {
  await phone.signIn(people.writerA);
  const draft = await phone.write('匆忙', '开头。');
  await phone.field('正文').fill('开头。走之前的一句。');
  await phone.go('/');
  await phone.go(draft);
  await expect(phone.field('正文')).toHaveValue('开头。走之前的一句。');
});

async function says(sentence: string) {
  await expect(phone.page.getByText(sentence).first()).toBeVisible({ timeout: 90_000 });
}

/** As if the person had signed out everywhere from another place: the phone's cookie is worth nothing. */
async function endSession() {
  const wire: any = new Wire(`http://127.0.0.1:${server.port}`);
  for (const { name, value } of await phone.context.cookies(phone.url)) wire.cookies.set(name, value);
  await wire.api('sign_out');
}

async function signedIn(someone: { no: string; password: string }): Promise<any> {
  const wire: any = new Wire(`http://127.0.0.1:${server.port}`);
  await wire.signIn(someone.no, someone.password);
  await wire.pull();
  return wire;
}

let reader: Promise<any> | undefined;
/** The draft of this address as the server has it; nothing while it does not. */
async function atServer(address: string): Promise<any> {
  reader ??= signedIn(people.writerA);
  const id = address.split('/').pop()!;
  return (await stored(await reader, [id])).get(id);
}

/** Size of the one picture of a draft, which the server hands out as a JPEG. */
async function hasPicture(values: Record<string, unknown>): Promise<number> {
  const [key] = Object.keys(values).filter((key) => key.startsWith('pics/'));
  const wire = await reader;
  const cookie = [...wire.cookies].map(([name, value]: string[]) => `${name}=${value}`).join('; ');
  const answer = await fetch(`${wire.url}/blobs/${key.slice(5)}`, { headers: { cookie } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([answer.status, bytes.subarray(0, 2).toString('hex')]).toEqual([200, 'ffd8']);
  return bytes.length;
}

async function draftsNamed(title: string): Promise<number> {
  const ids = new Set<string>();
  await (await reader).another().pull(({ docs }: any) => {
    for (const doc of docs) if (doc.kind === 'news.draft' && doc.row.title === title) ids.add(uuid(doc.id));
  });
  return ids.size;
}

/** The answer carries a sentence and a code for people, in our own form. */
async function refused(answer: Response, status: number, code: string, zh: string) {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/vnd.lianxin.trouble');
  expect(decode(Buffer.from(await answer.arrayBuffer()))).toMatchObject({ code, zh });
}
