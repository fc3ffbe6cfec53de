// The cable at which everything is measured: a TCP proxy in front of a server that counts bytes, HTTP requests
// and WebSocket messages by reading what passes. The same instrument for every system, and none of them knows it.
import net from 'node:net';

/** Reads HTTP/1.1 requests, and WebSocket frames after an upgrade, out of bytes cut anywhere. */
class Reader {
  constructor(onRequest, onMessage) {
    Object.assign(this, { onRequest, onMessage, rest: Buffer.alloc(0), skip: 0, frames: false });
  }
  feed(bytes) {
    this.rest = this.rest.length ? Buffer.concat([this.rest, bytes]) : bytes;
    while (this.step());
  }
  step() {
    if (this.skip > 0) {
      const gone = Math.min(this.skip, this.rest.length);
      this.rest = this.rest.subarray(gone);
      this.skip -= gone;
      return this.skip === 0 && this.rest.length > 0;
    }
    return this.frames ? this.frame() : this.head();
  }
  head() {
    const end = this.rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.rest.subarray(0, end).toString('latin1').toLowerCase();
    if (head.includes('\ntransfer-encoding:')) throw new Error('a chunked request would be miscounted');
    this.onRequest();
    this.frames = head.includes('\nupgrade: websocket');
    this.skip = end + 4 + Number(/\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0);
    return true;
  }
  frame() {
    if (this.rest.length < 2) return false;
    const short = this.rest[1] & 0x7f;
    const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (this.rest.length < 2 + wide) return false;
    const long = () => (wide === 2 ? this.rest.readUInt16BE(2) : Number(this.rest.readBigUInt64BE(2)));
    const last = (this.rest[0] & 0x80) !== 0, control = (this.rest[0] & 0x08) !== 0;
    if (last && !control) this.onMessage();
    this.skip = 2 + wide + (this.rest[1] & 0x80 ? 4 : 0) + (wide ? long() : short);
    return true;
  }
}

export class Proxy {
  #sockets = new Set();
  #count = zero();
  #server = net.createServer({ noDelay: true }, (client) => this.#carry(client));
  #target;
  #lag;

  /** `lag` milliseconds of delay in each direction: half of a round trip. */
  constructor(target, lag = 0) {
    this.#target = target;
    this.#lag = lag;
  }
  /** Port to connect to instead of the server's. */
  async open() {
    await new Promise((done) => this.#server.listen(0, '127.0.0.1', done));
    return this.#server.address().port;
  }
  /** What passed since the last call. */
  take() {
    const count = this.#count;
    this.#count = zero();
    return count;
  }
  close() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #carry(client) {
    const server = net.connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    this.#count.connections++;
    const add = (key) => () => { this.#count[key]++; };
    const up = new Reader(add('requests'), add('messagesUp'));
    const down = new Reader(() => {}, add('messagesDown'));
    this.#pipe(client, server, (bytes) => { this.#count.up += bytes.length; up.feed(bytes); });
    this.#pipe(server, client, (bytes) => {
      this.#count.down += bytes.length;
      // Only WebSocket answers are counted; HTTP answers are as many as requests.
      if (up.frames) down.feed(bytes);
    });
  }
  #pipe(from, to, seen) {
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      seen(bytes);
      if (this.#lag) setTimeout(() => to.writable && to.write(bytes), this.#lag);
      else if (to.writable) to.write(bytes);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => { this.#sockets.delete(from); setTimeout(() => to.destroy(), this.#lag); });
  }
}

const zero = () => ({ up: 0, down: 0, requests: 0, messagesUp: 0, messagesDown: 0, connections: 0 });
