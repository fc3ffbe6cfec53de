// A weak line: so many bytes a second down, and a round trip. A TCP proxy, so that everything the browser does
// (page, worker, service worker) is slowed alike; the browser's own throttling reaches the page only.
import net from 'node:net';

const TICK_MS = 10, MOMENT_MS = 50, PACKET = 1_400;

type Way = { phone: net.Socket; queue: Buffer[] };

export class SlowLine {
  private server?: net.Server;
  private clock?: NodeJS.Timeout;
  private ways = new Set<Way>();
  constructor(private target: number, public rate: number, public lagMs: number) {}

  async open(): Promise<string> {
    this.server = net.createServer({ noDelay: true }, (phone) => this.carry(phone));
    await new Promise<void>((done) => this.server!.listen(0, '127.0.0.1', done));
    this.clock = setInterval(() => this.pump(), TICK_MS);
    return `http://localhost:${(this.server.address() as net.AddressInfo).port}`;
  }
  close() {
    this.server?.close();
    clearInterval(this.clock);
  }

  private carry(phone: net.Socket) {
    const server = net.connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const way: Way = { phone, queue: [] };
    this.ways.add(way);
    phone.on('data', (bytes) => { setTimeout(() => server.writable && server.write(bytes), this.lagMs / 2); });
    server.on('data', (bytes) => { setTimeout(() => way.queue.push(bytes), this.lagMs / 2); });
    const end = () => { this.ways.delete(way); phone.destroy(); server.destroy(); };
    phone.on('close', end).on('error', end);
    server.on('error', end).on('close', () => setTimeout(end, this.lagMs + 200));
  }

  // What may pass grows with the clock and not with the timer, which comes late on a busy machine; what nobody took is
  // lost after a moment. Connections take turns, packet by packet.
  private room = 0;
  private filled = Date.now();
  private pump() {
    const now = Date.now();
    this.room = Math.min(this.room + (this.rate * (now - this.filled)) / 1000, (this.rate * MOMENT_MS) / 1000);
    this.filled = now;
    for (let moved = true; moved;) {
      moved = false;
      for (const way of this.ways) moved = this.packet(way) || moved;
    }
  }
  private packet({ phone, queue }: Way): boolean {
    if (!queue.length || this.room < 1) return false;
    const piece = queue[0].subarray(0, Math.min(PACKET, this.room));
    phone.write(piece);
    this.room -= piece.length;
    queue[0] = queue[0].subarray(piece.length);
    if (!queue[0].length) queue.shift();
    return true;
  }
}
