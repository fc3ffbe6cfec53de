// The built site behind a small server of our own that can be switched off, replaced by a newer version, turned into a
// captive portal, or made to serve the kill switch. Tests of the page and the service worker need no union.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import type { AddressInfo } from 'node:net';

export type ShellMode = 'normal' | 'off' | 'portal' | 'kill' | 'broken-program';

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm',
  svg: 'image/svg+xml', png: 'image/png', json: 'application/json', webmanifest: 'application/manifest+json',
};

export class ShellSite {
  mode: ShellMode = 'normal';
  /** A mark in the build's name: another value is another version. */
  version = '';
  /** How many requests each address had since `forget`. */
  asked = new Map<string, number>();
  /** After so many answers for `/assets/` every further one is cut. */
  breakAfter = Infinity;
  /** Addresses that are not there, as after the server took in a newer version. */
  gone?: RegExp;
  url = '';
  private server = http.createServer((request, answer) => this.answer(request, answer));

  constructor(private dir = process.env.LIANXIN_SITE!) {}

  async open() {
    if (!this.dir) throw new Error('set LIANXIN_SITE, or start with: cargo verify --only journeys');
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }
  async close() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
  forget() { this.asked.clear(); }

  private answer(request: http.IncomingMessage, answer: http.ServerResponse) {
    const address = new URL(request.url!, 'http://x').pathname;
    this.asked.set(address, (this.asked.get(address) ?? 0) + 1);
    if (this.mode === 'off') { request.socket.destroy(); return; }
    // The portal comes up between the service worker's script and its files, which is the dangerous moment.
    if (this.mode === 'portal' && address !== '/sw.js') { answer.setHeader('content-type', TYPES.html!).end('<h1>portal-5e1f log in</h1>'); return; }
    if (/^\/(api|sync|blobs|events|health)\b/.test(address) && request.method !== 'GET') { answer.writeHead(503).end(); return; }
    if (this.gone?.test(address)) { answer.writeHead(404).end(); return; }
    if (address.startsWith('/assets/') && --this.breakAfter < 0) { request.socket.destroy(); return; }
    this.file(address, answer);
  }

  private file(address: string, answer: http.ServerResponse) {
    const wanted = this.mode === 'kill' && address === '/sw.js' ? '/sw-kill.js' : address;
    const found = path.join(this.dir, wanted);
    const isFile = wanted !== '/' && fs.existsSync(found) && fs.statSync(found).isFile();
    if (!isFile && wanted.startsWith('/assets/')) { answer.writeHead(404).end(); return; }
    let bytes = fs.readFileSync(isFile ? found : path.join(this.dir, 'index.html'));
    if (wanted === '/sw.js') bytes = Buffer.from(bytes.toString().replace(/BUILD = '/, `BUILD = '${this.version}`));
    if (this.mode === 'broken-program' && wanted.endsWith('.wasm')) bytes = bytes.subarray(0, bytes.length / 2);
    answer.setHeader('content-type', TYPES[isFile ? wanted.split('.').pop()! : 'html'] ?? 'application/octet-stream');
    answer.setHeader('cache-control', wanted.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache');
    answer.end(bytes);
  }
}
