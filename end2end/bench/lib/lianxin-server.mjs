// Our server as it is delivered: the real binary, SQLite with a full fsync before every acknowledgement,
// permission checks on, the demo company of 6,800 people in it. Imported once, copied for each run.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, server, sleep, stop } from './child.mjs';

const { LIANXIN_BIN: bin, LIANXIN_SITE: site } = process.env;

const args = (data, port) => ['demo', '--site', site, '--data', data, '--port', String(port)];

/** Starts it on a copy of the demo company. */
export async function start(port, folder) {
  if (!bin || !site) throw new Error('set LIANXIN_BIN and LIANXIN_SITE, or start with: cargo bench-sync');
  fs.cpSync(await template(), folder, { recursive: true });
  const child = await server(bin, args(folder, port), port);
  await healthy(port, child);
  return child;
}

let made;
function template() {
  made ??= (async () => {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-template-'));
    process.once('exit', () => fs.rmSync(data, { recursive: true, force: true }));
    const port = await freePort();
    const child = spawn(bin, args(data, port), { stdio: ['ignore', 'ignore', 'inherit'] });
    await healthy(port, child);
    await stop(child);
    return data;
  })();
  return made;
}

async function healthy(port, child) {
  for (let i = 0; i < 1200; i++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const ok = await fetch(`http://127.0.0.1:${port}/health`).then((answer) => answer.ok, () => false);
    if (ok) return;
    await sleep(50);
  }
  throw new Error('the server did not answer within 60 s');
}
