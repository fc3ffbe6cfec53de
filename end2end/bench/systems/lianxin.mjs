// This server through the protocol of its own phone: changes of documents go up, snapshots come down with the
// lines for lists, everything checked against the person's role. Requests go uncompressed, as the phone sends them.
import * as A from '@automerge/automerge';
import { Phone, uuid, variant } from '../../lib/wire.mjs';
import { found, mend, plain, rawChange } from '../lib/docs.mjs';
import { mended, meta, record, recordId } from '../lib/records.mjs';

/** What Chromium sends besides, so that the smallest request is not flattered by a short Node header. */
const BROWSER = {
  'user-agent': 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Mobile Safari/537.36',
  'accept-language': 'zh-CN,zh;q=0.9', 'sec-ch-ua': '"Chromium";v="146", "Not?A_Brand";v="24"', 'sec-ch-ua-mobile': '?1',
  'sec-ch-ua-platform': '"Android"', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin',
  'cache-control': 'no-cache', pragma: 'no-cache',
};

export async function run({ port, docs, changed, turn, phase }) {
  const a = await signedIn(`http://127.0.0.1:${port}`);
  await a.pull();
  const before = { ...a.cursors };
  const ids = Array.from({ length: docs }, (_, i) => recordId(i, turn));
  const born = meta(uuid(a.who.person), a.unit, Date.now());
  const made = ids.map((id, i) => found(i, id, born, 'device-a'));
  warm(made);
  const pushes = made.map((doc, i) => ({ doc: ids[i], item: { Change: rawChange(doc) } }));
  await phase('upload', async () => { await a.push(pushes); });

  const wanted = new Set(ids.map(uuid));
  await phase('unopened', () => new Copy(fresh(a, before), wanted).fetch(false));
  const b = new Copy(fresh(a, before), wanted);
  await phase('cold', () => b.fetch(true));
  await b.check(ids, record);
  await phase('everything', () => new Copy(a.another(), wanted).fetch(false));

  await phase('nothing', async () => { await b.phone.sync(); });
  Object.assign(b.phone.headers, BROWSER);
  await phase('browser', async () => { await b.phone.sync(); });
  for (const name of Object.keys(BROWSER)) delete b.phone.headers[name];

  const edits = ids.slice(0, changed).map((doc, i) => ({ doc, item: { Change: rawChange((made[i] = mend(made[i], i))) } }));
  await a.push(edits);
  await phase('changed', () => b.fetch(true));
  await b.check(ids.slice(0, changed), (i) => ({ title: mended(i).title }));
}

/** Opens each once, as the client of automerge-repo has done when its documents are imported. */
function warm(docs) {
  for (const doc of docs) A.free(A.load(A.save(doc)));
}

/** A device that has the company's units and people and none of the records, so that all systems carry the same. */
function fresh(phone, cursors) {
  return Object.assign(phone.another(), { cursors: { ...cursors }, epoch: phone.epoch });
}

/** The demo's branch officer, who may begin drafts, and the unit where. */
async function signedIn(url) {
  const phone = new Phone(url);
  const { demo } = await phone.api('about');
  for (const { no, password } of demo) {
    const { posts } = await phone.signIn(no, password);
    const post = posts.find((one) => one.role === 'branch_officer');
    if (post) return Object.assign(phone, { unit: post.at });
    await phone.api('sign_out');
  }
  throw new Error('the demo has no branch officer');
}

/** What a phone has: documents as bytes, or opened. */
class Copy {
  constructor(phone, wanted) {
    Object.assign(this, { phone, wanted, kept: new Map(), opened: new Map(), others: 0 });
  }
  /** Pulls everything; opens what is ours when asked. What else the person sees is counted, not opened. */
  async fetch(open) {
    await this.phone.pull(({ docs }) => {
      for (const doc of docs) {
        const id = uuid(doc.id);
        if (!this.wanted.has(id)) this.others++;
        else if (open) this.opened.set(id, opened(this.opened.get(id), doc.body));
        else this.kept.set(id, doc.body);
      }
    });
    const documents = this.opened.size + this.kept.size;
    return { figures: { documents, others: this.others } };
  }
  async check(ids, expected) {
    for (const [i, id] of ids.entries()) {
      const doc = this.opened.get(uuid(id));
      if (!doc) throw new Error(`record ${i} did not come`);
      const values = plain(doc);
      for (const [key, value] of Object.entries(expected(i))) {
        if (values[key] !== value) throw new Error(`record ${i}: ${key} is ${values[key]}, not ${value}`);
      }
    }
  }
}

function opened(before, body) {
  const [form, bytes] = variant(body);
  if (form === 'Snapshot') return before ? A.loadIncremental(before, bytes) : A.load(bytes);
  if (form === 'Delta') return A.applyChanges(before ?? A.init(), bytes)[0];
  throw new Error('a document came without its body');
}
