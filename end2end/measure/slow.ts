// A weak line: so many bytes a second down, and a round trip. A TCP proxy, so that everything the browser does
// (page, worker, service worker) is slowed alike; the browser's own throttling reaches the page only.
import net from 'node:net';

const TICK_MS = 10;

export class SlowLine {
  private server?: net.Server;
  /** Bytes a second; Infinity is no limit. */
  constructor(private target: number, public rate: number, public lagMs: number) {}

  async open(): Promise<string> {
    this.server = net.createServer({ noDelay: true }, (phone) => this.carry(phone));
    await new Promise<void>((done) => this.server!.listen(0, '127.0.0.1', done));
    return `http://localhost:${(this.server.address() as net.AddressInfo).port}`;
  }
  close() { this.server?.close(); }

  private carry(phone: net.Socket) {
    const server = net.connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const queue: Buffer[] = [];
    phone.on('data', (bytes) => { setTimeout(() => server.writable && server.write(bytes), this.lagMs / 2); });
    server.on('data', (bytes) => { setTimeout(() => queue.push(bytes), this.lagMs / 2); });
    const pump = setInterval(() => this.pump(queue, phone), TICK_MS);
    const end = () => { clearInterval(pump); phone.destroy(); server.destroy(); };
    phone.on('close', end).on('error', end);
    server.on('error', end).on('close', () => setTimeout(end, this.lagMs + 200));
  }

  // The line is shared: what all connections take in one tick counts together.
  private spent = 0;
  private tick = 0;
  private pump(queue: Buffer[], phone: net.Socket) {
    const now = Math.floor(Date.now() / TICK_MS);
    if (now !== this.tick) [this.spent, this.tick] = [0, now];
    while (queue.length) {
      const left = (this.rate * TICK_MS) / 1000 - this.spent;
      if (left < 1) return;
      const piece = queue[0].subarray(0, left);
      phone.write(piece);
      this.spent += piece.length;
      queue[0] = queue[0].subarray(piece.length);
      if (!queue[0].length) queue.shift();
    }
  }
}
