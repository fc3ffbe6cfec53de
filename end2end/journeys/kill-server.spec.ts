// The server loses power under load, again and again. What it acknowledged is there after the restart, exactly
// once; what it did not is sent again by the phones, and nothing of it stands there twice.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { people, type Someone } from '../lib/app';
import { Draft, stored, type Push, type Stored } from '../lib/drafts';
import { Ledger, ROUNDS, between, pause, spread } from '../lib/ledger';
import { Server } from '../lib/server';
import { Phone, uuid, variant } from '../lib/wire.mjs';

/** Each writes so often: five of them make fifty pushes a second. */
const EVERY_MS = 100;
const WRITERS = [people.writerA, people.writerB, people.branchChair, people.mineChair, people.publicity];

/** One acknowledged change or act. */
interface Line { round: number; doc: string; kind: 'change' | 'act'; key: string }

let server: Server;
test.beforeEach(async () => { server = await Server.start(); });
test.afterEach(async () => { await server.stop(); });

test('SIGKILL under 50 pushes a second: what was acknowledged stands exactly once', async () => {
  test.setTimeout(60_000 + ROUNDS * 20_000);
  const ledger = new Ledger<Line>();
  const writers: Writer[] = [];
  for (const someone of WRITERS) writers.push(await Writer.signedIn(server, someone, ledger));
  const figures: Figures = { starts: [], unanswered: 0, acknowledged: 0, loadMs: 0 };
  for (let round = 1; round <= ROUNDS; round++) await killOnce(writers, ledger, round, figures);

  await check(writers, ledger.read(), 'everything');
  await server.kill();
  const { stdout } = await promisify(execFile)(process.env.LIANXIN_BIN!, ['doctor', '--data', server.data]);
  expect(stdout).toContain('体检通过');
  const sent = writers.reduce((sum, writer) => sum + writer.sent, 0);
  expect(ledger.read().length).toBe(sent);
  tell(sent, figures);
  ledger.remove();
});

/** Numbers for docs/figures.md. */
interface Figures { starts: number[]; unanswered: number; acknowledged: number; loadMs: number }

function tell(sent: number, { starts, unanswered, acknowledged, loadMs }: Figures) {
  console.log(`kill-server: ${ROUNDS} kills · ${sent} changes and acts acknowledged, 0 lost, 0 doubled`
    + ` · ${Math.round((acknowledged * 1000) / loadMs)} acknowledged per second under load`
    + ` · ${unanswered} without an answer at a kill · start ms: ${spread(starts)}`);
}

/** Load, power cut, restart, all that waited sent again; the books are checked before and after that. */
async function killOnce(writers: Writer[], ledger: Ledger<Line>, round: number, figures: Figures) {
  const [before, began] = [ledger.read().length, Date.now()];
  const working = writers.map((writer) => writer.work(round));
  await pause(between(200, 2_000));
  // Every other time while somebody's push is on its way, between the first byte and the answer.
  if (round % 2) await Promise.race(writers.map((writer) => writer.sending())).then(() => pause(between(0, 8)));
  await server.kill();
  const acknowledged = ledger.read();
  figures.loadMs += Date.now() - began;
  figures.acknowledged += acknowledged.length - before;
  figures.unanswered += writers.reduce((sum, writer) => sum + writer.outbox.length, 0);

  figures.starts.push(await startUp());
  await check(writers, acknowledged.filter((line) => line.round === round));
  for (const writer of writers) writer.finish();
  await Promise.all(working);
  await check(writers, ledger.read().filter((line) => line.round === round), 'everything');
}

/** A person's phone: an outbox that only an answer of the server empties, as the real one's. */
class Writer {
  readonly outbox: Push[] = [];
  /** Everything that ever went into the outbox. */
  sent = 0;
  /** Documents with the words and acts that they must have in the end, by round. */
  readonly drafts: { draft: Draft; words: string[]; acts: string[] }[] = [];
  private adding = false;
  private told = () => {};

  private constructor(readonly phone: any, readonly unit: string, private readonly ledger: Ledger<Line>) {}

  static async signedIn(server: Server, someone: Someone, ledger: Ledger<Line>): Promise<Writer> {
    const phone: any = new Phone(`http://127.0.0.1:${server.port}`);
    const who = await phone.signIn(someone.no, someone.password);
    await phone.pull();
    return new Writer(phone, who.posts[0].at, ledger);
  }

  /** Writes and sends until `finish`, then only sends until nothing waits. */
  async work(round: number) {
    this.adding = true;
    this.begin(round);
    while (this.adding || this.outbox.length) {
      if (this.adding) this.write();
      const next = pause(EVERY_MS);
      await this.send(round);
      await next;
    }
  }
  finish() { this.adding = false; }
  /** Resolves when the next request goes out. */
  sending() { return new Promise<void>((done) => { this.told = done; }); }

  private begin(round: number) {
    const draft = new Draft(this.phone, this.unit);
    this.drafts.push({ draft, words: [], acts: [] });
    this.keep(draft.begin(`第 ${round} 次断电`, '现场记录：'));
  }

  /** One more sentence; every fifth time it goes up for review or comes back. */
  private write() {
    const { draft, words, acts } = this.drafts[this.drafts.length - 1];
    if ((words.length + acts.length) % 5 === 4) {
      acts.push(this.keep(draft.act(acts.length % 2 ? { pull_back: { reason: '' } } : 'submit')));
      return;
    }
    words.push(`〔${words.length + 1}〕`);
    this.keep(draft.add(words[words.length - 1]));
  }

  private keep(push: Push): string {
    this.outbox.push(push);
    this.sent++;
    return push.key;
  }

  private async send(round: number) {
    const sending = [...this.outbox];
    if (sending.length) this.told();
    const answer = await this.phone.sync({ push: sending.map(({ seq, doc, item }) => ({ seq, doc, item })) }).catch(noServer);
    if (!answer) return;
    const stands = sending.filter((push) => isIn(answer.acks.get(push.seq)));
    this.ledger.note(...stands.map((push): Line => ({ round, doc: uuid(push.doc), kind: 'Act' in push.item ? 'act' : 'change', key: push.key })));
    const left = this.outbox.filter((push) => !stands.includes(push));
    this.outbox.splice(0, this.outbox.length, ...left);
  }
}

/** The line broke: nothing is known of what was sent. A status of the server is another matter. */
function noServer(error: any) {
  if (error.status) throw error;
}

function isIn(fate: unknown): boolean {
  const [name] = variant(fate ?? 'Nothing');
  if (name === 'Refused' || name === 'MissingDeps') throw new Error(`a push was refused: ${JSON.stringify(fate)}`);
  return name === 'Accepted' || name === 'Duplicate';
}

/** How long until it answers again, ms. */
async function startUp(): Promise<number> {
  const began = Date.now();
  await server.up();
  return Date.now() - began;
}

/** Everything in the ledger is at the server once; with 'everything', nothing else is and the texts are whole. */
async function check(writers: Writer[], lines: Line[], extent: 'ledger' | 'everything' = 'ledger') {
  for (const { phone, drafts } of writers) {
    const wanted = drafts.filter(({ draft }) => lines.some((line) => line.doc === draft.id));
    const there = await stored(phone, wanted.map(({ draft }) => draft.id));
    for (const { draft, words, acts } of wanted) {
      const doc = there.get(draft.id)!;
      expect(doc, `${draft.id} was acknowledged`).toBeTruthy();
      const mine = lines.filter((line) => line.doc === draft.id);
      once(doc, mine);
      if (extent === 'ledger') continue;
      expect(doc.values.text).toBe(`现场记录：${words.join('')}`);
      expect(doc.acts).toEqual(acts);
      expect(doc.changes.length + doc.acts.length).toBe(mine.length);
    }
  }
}

function once(doc: Stored, lines: Line[]) {
  for (const kind of ['change', 'act'] as const) {
    const there = kind === 'act' ? doc.acts : doc.changes;
    expect(there.length).toBe(new Set(there).size);
    const keys = lines.filter((line) => line.kind === kind).map((line) => line.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(there).toEqual(expect.arrayContaining(keys));
  }
}
