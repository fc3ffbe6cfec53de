// The real server with the demo company. The first start imports 6,800 people into a template folder;
// every journey gets a copy of it, so that journeys do not see each other's work.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Link } from './link';

const bin = process.env.LIANXIN_BIN!;
const site = process.env.LIANXIN_SITE!;

export class Server {
  private child?: ChildProcess;
  port = 0;
  url = '';
  readonly link = new Link(() => this.port);

  private readonly others: Link[] = [];

  private constructor(
    readonly data: string,
    readonly more: string[],
  ) {}

  /** A running server on a fresh copy of the demo company, behind a link of its own. */
  static async start(...more: string[]): Promise<Server> {
    const data = fs.mkdtempSync(path.join(os.tmpdir(), 'lianxin-e2e-'));
    fs.cpSync(await template(), data, { recursive: true });
    const server = new Server(data, more);
    server.port = await freePort();
    await server.up();
    server.url = await server.link.open();
    return server;
  }

  /** Another way to the same server, for whoever keeps a network while others have none. */
  async another(): Promise<Link> {
    const link = new Link(() => this.port);
    this.others.push(link);
    await link.open();
    return link;
  }

  async up() {
    this.child = run(this.data, this.port, this.more);
    await answering(this.port);
  }
  /** The machine loses power: no shutdown code runs. */
  async kill() {
    const gone = new Promise((done) => this.child!.once('exit', done));
    this.child!.kill('SIGKILL');
    await gone;
  }
  /** The program on this folder, as whoever keeps the server runs it; what is typed goes in line by line. */
  command(args: string[], typed: string[] = []): string {
    const input = typed.map((line) => `${line}\n`).join('');
    return execFileSync(bin, [...args, '--data', this.data], { encoding: 'utf8', input });
  }
  /** A one-time code for somebody's first device. */
  code(no: string): string {
    const said = this.command(['code', '--no', no]);
    return said.match(/\b\d{8}\b/)![0];
  }
  get pid() { return this.child!.pid!; }

  async stop() {
    for (const link of [this.link, ...this.others]) await link.close();
    if (this.child!.exitCode === null && this.child!.signalCode === null) await this.kill();
    fs.rmSync(this.data, { recursive: true, force: true });
  }
}

function run(data: string, port: number, more: string[] = []): ChildProcess {
  if (!bin || !site) throw new Error('set LIANXIN_BIN and LIANXIN_SITE, or start with: cargo verify --only journeys');
  const child = spawn(bin, ['demo', '--site', site, '--data', data, '--port', String(port), ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout!.resume();
  let said = '';
  child.stderr!.on('data', (bytes) => { said = (said + bytes).slice(-4000); });
  child.on('exit', (code) => { if (code) console.error(`server ended with ${code}\n${said}`); });
  return child;
}

let made: Promise<string> | undefined;
function template(): Promise<string> {
  made ??= (async () => {
    const data = path.join(os.tmpdir(), `lianxin-e2e-template-${process.pid}`);
    const port = await freePort();
    const child = run(data, port);
    await answering(port);
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
    process.once('exit', () => fs.rmSync(data, { recursive: true, force: true }));
    return data;
  })();
  return made;
}

async function answering(port: number) {
  for (let i = 0; i < 3000; i++) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/health`);
      if (answer.ok) return;
    } catch { /* not yet */ }
    await new Promise((next) => setTimeout(next, 20));
  }
  throw new Error('the server did not answer within 60 s');
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}
