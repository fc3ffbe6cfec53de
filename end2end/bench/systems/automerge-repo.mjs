// automerge-repo against its own server. The client is given every address beforehand: it has no way to ask
// which documents there are for it. Documents and sync state lie in memory before the clock starts.
import { Repo, stringifyAutomergeUrl } from '@automerge/automerge-repo';
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket';
import { found, mend, plain, save } from '../lib/docs.mjs';
import { mended, meta, record, recordId } from '../lib/records.mjs';
import * as A from '@automerge/automerge';

const META = meta('0b7e6b8e-7d2c-4a7c-8f3e-1c2d3e4f5a6b', 'LB02.9', 1_795_000_000_000);

export async function run({ port, docs, changed, turn, phase }) {
  const ids = Array.from({ length: docs }, (_, i) => recordId(i, turn));
  const urls = ids.map((id) => stringifyAutomergeUrl(id));
  const made = ids.map((id, i) => save(found(i, id, META, 'device-a')));

  const a = new Client(port);
  made.forEach((bytes, i) => a.repo.import(bytes, { docId: documentId(urls[i]) }));
  await a.open(urls);
  await phase('upload', async () => { a.connect(); await a.level(); });
  await a.close();

  const b = new Client(port);
  await phase('cold', async () => { b.connect(); await b.open(urls); await b.level(); });
  check(b, urls, record);
  await b.close();

  const later = new Client(port, b.kept);
  await later.open(urls);
  await phase('nothing', async () => { later.connect(); await later.level(); });
  await later.close();

  const editor = new Client(port, a.kept);
  await editor.open(urls.slice(0, changed));
  editor.edit();
  editor.connect();
  await editor.level();
  const wanted = editor.heads();
  await editor.close();

  const last = new Client(port, later.kept);
  await last.open(urls);
  await phase('changed', async () => { last.connect(); await last.level(wanted); });
  check(last, urls.slice(0, changed), (i) => ({ title: mended(i).title }));
  await last.close();
}

const documentId = (url) => url.slice('automerge:'.length);

/** One phone: a Repo, what it keeps, and its line to the server. */
class Client {
  handles = new Map();
  #theirs = new Map();
  #dirty = new Set();
  #look = () => {};

  constructor(port, kept = new Map()) {
    Object.assign(this, { port, kept });
    this.repo = new Repo({ storage: new InMemory(kept), sharePolicy: async () => true });
    this.repo.synchronizer.on('sync-state', ({ documentId, syncState }) => {
      this.#theirs.set(documentId, syncState.theirHeads);
      this.#dirty.add(documentId);
      this.#look();
    });
  }
  connect() {
    this.line = new WebSocketClientAdapter(`ws://127.0.0.1:${this.port}`);
    this.repo.networkSubsystem.addNetworkAdapter(this.line);
  }
  async open(urls) {
    const handles = await Promise.all(urls.map((url) => this.repo.find(url)));
    for (const handle of handles) this.handles.set(handle.documentId, handle);
  }
  /** Waits until the server has said that it has what we have, and we have what is `wanted`, in every document. */
  level(wanted = new Map()) {
    const waiting = new Set(this.handles.keys());
    return new Promise((done) => {
      const look = (ids) => {
        for (const id of ids) if (this.#isLevel(id, wanted.get(id))) waiting.delete(id);
        if (waiting.size === 0) { clearInterval(again); this.#look = () => {}; done(); }
      };
      const again = setInterval(() => look([...waiting]), 250);
      let soon = false;
      // Heads are told before the document has them, so the look comes a moment later, once for many.
      this.#look = () => {
        if (soon) return;
        soon = true;
        setImmediate(() => { soon = false; const ids = [...this.#dirty]; this.#dirty.clear(); look(ids); });
      };
    });
  }
  #isLevel(id, wanted) {
    const theirs = this.#theirs.get(id);
    if (!theirs?.length || !this.handles.has(id)) return false;
    const mine = A.getHeads(this.handles.get(id).doc());
    return same(mine, theirs) && (!wanted || same(mine, wanted));
  }
  edit() {
    [...this.handles.values()].forEach((handle, i) => handle.update((doc) => mend(doc, i)));
  }
  heads() {
    return new Map([...this.handles].map(([id, handle]) => [id, A.getHeads(handle.doc())]));
  }
  /** Cuts the line and writes down what there is to keep: the next client with `kept` is the same phone. */
  async close() {
    await this.repo.flush();
    this.line.disconnect();
  }
}

/** What a phone keeps between restarts; in memory, so that no disk is measured. */
class InMemory {
  constructor(kept) { this.kept = kept; }
  async load(key) { return this.kept.get(key.join('/')); }
  async save(key, bytes) { this.kept.set(key.join('/'), bytes); }
  async remove(key) { this.kept.delete(key.join('/')); }
  async loadRange(prefix) {
    const start = `${prefix.join('/')}/`;
    return [...this.kept].filter(([key]) => key.startsWith(start)).map(([key, data]) => ({ key: key.split('/'), data }));
  }
  async removeRange(prefix) {
    for (const { key } of await this.loadRange(prefix)) this.kept.delete(key.join('/'));
  }
}

const same = (a, b) => a.length === b.length && [...a].sort().join() === [...b].sort().join();

function check(client, urls, expected) {
  urls.forEach((url, i) => {
    const values = plain(client.handles.get(documentId(url)).doc());
    for (const [key, value] of Object.entries(expected(i))) {
      if (values[key] !== value) throw new Error(`record ${i}: ${key} is ${values[key]}, not ${value}`);
    }
  });
}
