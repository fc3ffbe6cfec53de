// Our protocol for Node: sign-in and sync as app/sync and app/api describe them, for the bench and the
// interop journey. A second reading of the contract: where it and the Rust types part, a test here fails.
// Plain JavaScript, because the bench runs in Node 20 without a build.
import { Encoder } from 'cbor-x';

const cbor = new Encoder({ useRecords: false, mapsAsObjects: true, tagUint8Array: false, variableMapSize: true, int64AsNumber: true });

const PROTO = 1;
const MIME = 'application/vnd.lianxin.sync';
const API_MIME = 'application/cbor';
/** Largest claim of a frame that is believed (sync::FRAME_BYTES). */
const FRAME_BYTES = 8 * 1024 * 1024;
/** A request holds at most so many pushes (sync::REQUEST_PUSHES) … */
export const REQUEST_PUSHES = 256;
/** … and so many bytes, with room for what stands around them (sync::REQUEST_BYTES). */
const PUSH_BYTES = 900 * 1024;

/** Bytes as CBOR; whole numbers beyond 32 bits stay whole (cbor-x would write them as floats). */
export const encode = (value) => cbor.encode(whole(value));
export const decode = (bytes) => cbor.decode(bytes);

function whole(value) {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 0x7fffffff) return BigInt(value);
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(whole);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, whole(one)]));
}

/** 16 bytes as a UUID, and back. */
export function uuid(bytes) {
  return Buffer.from(bytes).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
export const bytesOf = (id) => Buffer.from(id.replaceAll('-', ''), 'hex');

/** Frames behind their lengths, out of one whole answer. */
export function frames(bytes) {
  const out = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length > FRAME_BYTES || at + 4 + length > bytes.length) throw new Error('the answer ends inside a frame');
    out.push(decode(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return out;
}

/** An enum as serde writes it: `{ Name: value }`, or the bare name of an empty variant. */
export function variant(value) {
  return typeof value === 'string' ? [value, undefined] : Object.entries(value)[0];
}

/** One signed-in installation of the app: cookie, device, how far it is in each scope. */
export class Phone {
  /** @param {string} url @param {{ device?: string, headers?: Record<string, string> }} [options] */
  constructor(url, { device = crypto.randomUUID(), headers = {} } = {}) {
    Object.assign(this, { url, device, epoch: '', cursors: {}, cookies: new Map(), seq: 0, who: undefined });
    // A browser names where the page came from; the server refuses to change anything for who does not.
    this.headers = { origin: new URL(url).origin, 'accept-encoding': 'gzip, deflate, br', ...headers };
  }

  /** The same person on another device, nothing synced yet. */
  another() {
    const other = new Phone(this.url);
    Object.assign(other, { cookies: this.cookies, who: this.who });
    return other;
  }

  /** Calls a server function; its error comes as an exception that carries what the server said. */
  async api(name, args = {}) {
    const response = await this.post(`/api/${name}`, API_MIME, encode(args));
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.ok) return bytes.length ? decode(bytes) : undefined;
    throw Object.assign(new Error(`${name}: ${response.status}`), { status: response.status, said: decodeOr(bytes) });
  }

  async signIn(no, password) {
    this.who = await this.api('sign_in', { no, password });
    return this.who;
  }

  /** One request: pushes `{ doc, item }` go up, frames come down, cursors move on. */
  async sync({ push = [], want = [] } = {}) {
    const numbered = push.map((one) => ({ seq: ++this.seq, ...one }));
    const { device, epoch, cursors } = this;
    const body = encode({ proto: PROTO, device, epoch, cursors, push: numbered, want });
    const response = await this.post('/sync', MIME, body);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200) throw Object.assign(new Error(`sync: ${response.status}`), { status: response.status, said: decodeOr(bytes) });
    if (!response.headers.get('content-type')?.startsWith(MIME)) throw new Error('200, but not our server');
    return this.take(frames(bytes));
  }

  /** Sorts frames by what they say. */
  take(list) {
    const answer = { acks: new Map(), docs: [], left: [], gone: [], scopesAdded: [], scopesRemoved: [], end: undefined };
    for (const frame of list) {
      const [name, value] = variant(frame);
      if (name === 'Ack') answer.acks.set(value.seq, value.fate);
      else if (name === 'Doc') answer.docs.push(value);
      else if (name === 'Left') answer.left.push(value);
      else if (name === 'Gone') answer.gone.push(value);
      else if (name === 'Me') this.who = value;
      // Half an answer is thrown away whole here, so it is all one which run of the server it was of.
      else if (name === 'Run' || name === 'Another') continue;
      else if (name === 'ScopeAdded') answer.scopesAdded.push(value);
      else if (name === 'ScopeRemoved') { answer.scopesRemoved.push(value); delete this.cursors[value]; }
      else if (name === 'Cursors') Object.assign(this.cursors, value);
      else if (name === 'End') { answer.end = value; this.epoch = value.epoch; }
      else throw new Error(`unknown frame ${name}`);
    }
    if (!answer.end) throw new Error('the answer has no end');
    return answer;
  }

  /** Asks until there is nothing more; `each` sees every answer. Returns how many requests it took. */
  async pull(each = () => {}) {
    for (let requests = 1; ; requests++) {
      const answer = await this.sync();
      await each(answer);
      if (!answer.end.more) return requests;
    }
  }

  /** Pushes everything, in as few requests as the protocol allows; fails on the first that is not accepted. */
  async push(list, each = () => {}) {
    for (const part of portions(list)) {
      const first = this.seq + 1;
      const answer = await this.sync({ push: part });
      part.forEach((one, i) => {
        const fate = answer.acks.get(first + i);
        const [name] = variant(fate ?? 'Nothing');
        if (name !== 'Accepted' && name !== 'Duplicate') throw Object.assign(new Error(`push ${first + i}: ${JSON.stringify(fate)}`), { fate });
      });
      await each(answer);
    }
  }

  async post(path, mime, body) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...this.headers, 'content-type': mime, ...(mime === API_MIME && { accept: mime }), ...(cookie && { cookie }) };
    const response = await fetch(this.url + path, { method: 'POST', headers, body, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.cookies.set(name, value);
    }
    return response;
  }
}

function* portions(list) {
  let part = [], size = 0;
  for (const one of list) {
    const bytes = variant(one.item)[1].length ?? 1000;
    if (part.length === REQUEST_PUSHES || size + bytes > PUSH_BYTES) {
      yield part;
      [part, size] = [[], 0];
    }
    part.push(one);
    size += bytes + 60;
  }
  if (part.length) yield part;
}

function decodeOr(bytes) {
  try { return decode(bytes); } catch { return bytes.toString('utf8').slice(0, 200); }
}
