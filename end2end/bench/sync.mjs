// `cargo bench-sync`: the same 1,000 records through this server, automerge-repo's and PouchDB's, in one run.
// What is measured and what is unfair: README.md and the lines under the table.
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort, memory, server, sleep, stop } from './lib/child.mjs';
import { print } from './lib/print.mjs';
import { Proxy } from './lib/proxy.mjs';
import * as lianxin from './lib/lianxin-server.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

const { values: options } = parseArgs({
  options: {
    docs: { type: 'string', default: '1000' },
    changed: { type: 'string', default: '20' },
    runs: { type: 'string', default: '3' },
    rtt: { type: 'string', default: '0' },
    only: { type: 'string', default: 'lianxin,automerge-repo,pouchdb' },
    json: { type: 'string' },
  },
});
const number = (name) => Number(options[name]);

/** Nobody waits longer than this for one run of one system. */
const LIMIT_MS = 120_000;
/** Where the data lies decides what fsync costs. */
const FILE_SYSTEMS = { 0xef53: 'ext4', 0x58465342: 'xfs', 0x9123683e: 'btrfs', 0x794c7630: 'overlayfs', 0x01021994: 'tmpfs' };

/** How each server is started. */
const systems = {
  lianxin: lianxin.start,
  'automerge-repo': (port, folder) =>
    server(process.execPath, [path.join(here, 'peers/automerge-repo-server.mjs'), port, folder], port),
  pouchdb: (port) => server(process.execPath, [path.join(here, 'peers/pouchdb-server.mjs'), port], port),
};

/** One run on a fresh server: figures by phase, memory of the server. */
async function once(name, turn) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `bench-${name}-`));
  const port = await freePort();
  const child = await systems[name](port, folder);
  const proxy = new Proxy(port, number('rtt') / 2);
  try {
    await sleep(500);
    const idle = memory(child).now;
    const figures = await client(name, turn, await proxy.open(), proxy);
    return { ...figures, memory: { idle, ...memory(child) } };
  } finally {
    proxy.close();
    await stop(child);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the client process and collects what it reports; what it did not reach in time stays out. */
function client(name, turn, port, proxy) {
  const given = JSON.stringify({ port, turn, docs: number('docs'), changed: number('changed') });
  const child = fork(path.join(here, 'client.mjs'), [name, given], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const figures = { phases: {} };
  return new Promise((done, fail) => {
    const limit = setTimeout(() => { figures.stopped = true; child.kill('SIGKILL'); }, LIMIT_MS);
    child.on('message', (message) => {
      if (message.take) child.send(proxy.take());
      if (message.phase) figures.phases[message.phase] = message;
      if (message.done) figures.done = true;
    });
    child.on('exit', (code) => {
      clearTimeout(limit);
      if (figures.done || figures.stopped) done(figures);
      else fail(new Error(`the client of ${name} ended with ${code}`));
    });
  });
}

const [load] = os.loadavg();
// In turns, so that a machine that gets busier or warmer in between is as unfair to one as to the other.
const chosen = options.only.split(',');
const results = Object.fromEntries(chosen.map((name) => [name, []]));
for (let turn = 0; turn < number('runs'); turn++) {
  for (const name of chosen) {
    process.stderr.write(`${name}, run ${turn + 1} of ${number('runs')} …\n`);
    results[name].push(await once(name, turn));
  }
}
const files = FILE_SYSTEMS[fs.statfsSync(os.tmpdir()).type] ?? 'another file system';
const conditions = { docs: number('docs'), changed: number('changed'), runs: number('runs'), rtt: number('rtt'), limit: LIMIT_MS / 1000, files, load: Math.round(load * 10) / 10, cores: os.cpus().length };
const summary = print(results, conditions);
if (options.json) fs.writeFileSync(options.json, `${JSON.stringify(summary)}\n`);
