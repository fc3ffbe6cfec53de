// PouchDB against express-pouchdb: the records as plain JSON documents, whole-document conflicts, no merging.
import http from 'node:http';
import { createRequire } from 'node:module';
import { hex } from '../lib/docs.mjs';
import { mended, meta, record, recordId } from '../lib/records.mjs';

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb');
PouchDB.plugin(require('pouchdb-adapter-memory'));

export async function run({ port, docs, changed, turn, phase }) {
  // Its own fetch closes the connection after every request; kept open it is faster, as in a browser.
  const agent = new http.Agent({ keepAlive: true });
  const fetch = (url, options) => PouchDB.fetch(url, { ...options, agent });
  const remote = () => new PouchDB(`http://127.0.0.1:${port}/bench`, { fetch });
  const ids = Array.from({ length: docs }, (_, i) => hex(recordId(i, turn)));
  const phone = (name) => new PouchDB(`${name}-${turn}`, { adapter: 'memory' });

  const a = phone('a');
  const stored = await a.bulkDocs(ids.map((_id, i) => ({ _id, ...META, ...record(i) })));
  if (stored.some((one) => one.error)) throw new Error('bulkDocs');
  await phase('upload', () => a.replicate.to(remote(), { batch_size: BATCH }));

  const b = phone('b');
  await phase('cold', () => b.replicate.from(remote(), { batch_size: BATCH }));
  await check(b, ids, record);

  // A phone that comes back has to ask in both directions, as ours does in its one request. It has done so
  // once already, so that its checkpoints exist.
  await b.sync(remote(), { batch_size: BATCH });
  await phase('nothing', () => b.sync(remote(), { batch_size: BATCH }));

  const some = await Promise.all(ids.slice(0, changed).map((id) => a.get(id)));
  await a.bulkDocs(some.map((doc, i) => ({ ...doc, title: mended(i).title, text: doc.text + mended(i).more })));
  await a.replicate.to(remote());
  await phase('changed', () => b.sync(remote(), { batch_size: BATCH }));
  await check(b, ids.slice(0, changed), (i) => ({ title: mended(i).title }));
}

const META = meta('0b7e6b8e-7d2c-4a7c-8f3e-1c2d3e4f5a6b', 'LB02.9', 1_795_000_000_000);
/** Its own default is 100; of 100, 300, 500 and 1,000 this one needs the fewest requests and the least time. */
const BATCH = 1000;

async function check(db, ids, expected) {
  const { rows } = await db.allDocs({ keys: ids, include_docs: true });
  rows.forEach(({ doc }, i) => {
    for (const [key, value] of Object.entries(expected(i))) {
      if (doc?.[key] !== value) throw new Error(`record ${i}: ${key} is ${doc?.[key]}, not ${value}`);
    }
  });
}
