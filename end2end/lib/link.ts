// The cable between phone and server, which a test may cut, slow down, or lead into a captive portal.
// A plain TCP proxy: whatever the browser does (service worker, worker, page), it goes through here.
import net from 'node:net';

export type LinkMode = 'open' | 'cut' | 'portal' | 'drop-answers' | 'torn' | 'slow';

export class Link {
  mode: LinkMode = 'open';
  private sockets = new Set<net.Socket>();
  private server?: net.Server;
  port = 0;
  /** Bytes that went down to the phone and up from it, for figures. */
  down = 0;
  up = 0;
  /** Runs before bytes of the phone go on, so that a test can do something in the middle of a request. */
  before: (bytes: string) => void | Promise<void> = () => {};
  private tornAfter = 0;
  private rate = Infinity;

  constructor(private target: () => number) {}

  async open(): Promise<string> {
    this.server = net.createServer((phone) => this.carry(phone));
    await new Promise<void>((done) => this.server!.listen(this.port, '127.0.0.1', done));
    this.port = (this.server.address() as net.AddressInfo).port;
    // localhost, not 127.0.0.1: both are secure contexts, but cookies and service workers are per host name.
    return this.url;
  }
  get url() { return `http://localhost:${this.port}`; }

  /** No network from now on: open connections die, new ones are refused without an answer. */
  cut() { this.mode = 'cut'; this.hangUp(); }
  /** The network is back. */
  restore() { this.mode = 'open'; this.before = () => {}; this.hangUp(); }
  /** Every answer is the log-in page of somebody's wireless network, with status 200. */
  portal() { this.mode = 'portal'; this.hangUp(); }
  /** Requests arrive, answers are lost: the worst moment to lose a link. */
  dropAnswers() { this.mode = 'drop-answers'; this.hangUp(); }
  /** Each connection breaks after so many bytes of answers. */
  tear(after: number) { this.mode = 'torn'; this.tornAfter = after; this.hangUp(); }

  /** So many bytes of answers a second on each connection. */
  slow(rate: number) { this.mode = 'slow'; this.rate = rate; this.hangUp(); }

  async close() {
    this.hangUp();
    await new Promise<void>((done) => (this.server ? this.server.close(() => done()) : done()));
  }

  private hangUp() {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  private carry(phone: net.Socket) {
    this.sockets.add(phone);
    phone.on('error', () => phone.destroy());
    phone.on('close', () => this.sockets.delete(phone));
    if (this.mode === 'cut') { phone.destroy(); return; }
    if (this.mode === 'portal') { this.answerAsPortal(phone); return; }
    const server = net.connect(this.target(), '127.0.0.1');
    this.sockets.add(server);
    server.on('error', () => { phone.destroy(); server.destroy(); });
    server.on('close', () => { this.sockets.delete(server); phone.destroy(); });
    phone.on('close', () => server.destroy());
    let order = Promise.resolve();
    phone.on('data', (bytes) => {
      this.up += bytes.length;
      order = order.then(() => this.before(bytes.toString('latin1'))).then(() => { server.write(bytes); });
    });
    let left = this.mode === 'torn' ? this.tornAfter : Infinity;
    server.on('data', (bytes) => {
      if (this.mode === 'drop-answers') return;
      if (this.mode === 'slow') { this.trickle(server, phone, bytes); return; }
      this.down += bytes.length;
      phone.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left <= 0) phone.end();
    });
  }

  /** Ten small pieces a second; the server is not read from until all of them have gone. */
  private trickle(server: net.Socket, phone: net.Socket, bytes: Buffer) {
    server.pause();
    const piece = bytes.subarray(0, this.rate / 10);
    this.down += piece.length;
    phone.write(piece);
    const rest = bytes.subarray(piece.length);
    setTimeout(() => { if (rest.length) this.trickle(server, phone, rest); else server.resume(); }, 100);
  }

  private answerAsPortal(phone: net.Socket) {
    const page = '<!doctype html><title>WLAN</title><p>请先登录无线网络</p>';
    phone.once('data', () => {
      phone.end(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(page)}\r\nConnection: close\r\n\r\n${page}`);
    });
  }
}
