// News drafts as the public Automerge library writes them, one push for each step, for tests that talk to the
// server as many phones would. How a document has to look is told in README.md (lib/wire.mjs).
import { createHash, randomBytes } from 'node:crypto';
import * as A from '@automerge/automerge';
import { bytesOf, encode, uuid, variant } from './wire.mjs';

/** One thing for the server, and the name under which it must be found later. */
export interface Push {
  seq: number;
  doc: Buffer;
  item: { Change: Uint8Array } | { Act: object };
  /** Hash of the change or id of the act, hex. */
  key: string;
}

/** A signed-in person with a device, as lib/wire.mjs has it. */
type Wire = any;

export class Draft {
  readonly id = uuid(v4());
  private doc!: A.Doc<any>;

  constructor(private readonly phone: Wire, readonly unit: string) {}

  begin(title: string, text: string): Push {
    const meta = { '@kind': 'news.draft', '@owner': uuid(this.phone.who.person), '@unit': this.unit, '@born': Date.now() };
    const short = { ...meta, column: 'news', title, author: this.phone.who.name, source: '分会', audience: 'public', pinned: false };
    this.doc = A.change(A.init<any>({ actor: actor(this.phone.device, this.id) }), (doc: any) => {
      for (const [key, value] of Object.entries(short)) doc[key] = typeof value === 'string' ? new A.ImmutableString(value) : value;
      doc.text = text;
    });
    return this.change();
  }

  /** Adds words at the end of the text. */
  add(words: string): Push {
    this.doc = A.change(this.doc, (doc: any) => { A.splice(doc, ['text'], doc.text.length, 0, words); });
    return this.change();
  }

  /** Hands it in for review, or takes it back. */
  act(act: 'submit' | { pull_back: { reason: string } }): Push {
    const id = v4();
    const { who, device } = this.phone;
    const entry = { id, doc: bytesOf(this.id), by: who.person, device, at_ms: Date.now(), about: [], act: encode(act), receipt: null };
    return this.push({ Act: entry }, id.toString('hex'));
  }

  private change(): Push {
    const raw = A.getLastLocalChange(this.doc)!;
    return this.push({ Change: raw }, A.decodeChange(raw).hash);
  }
  private push(item: Push['item'], key: string): Push {
    return { seq: ++this.phone.seq, doc: bytesOf(this.id), item, key };
  }
}

/** A document as the server has it. */
export interface Stored {
  values: Record<string, unknown>;
  /** Hashes of its changes, as often as they are in it. */
  changes: string[];
  /** Ids of its acts, as often as they are in it, in the order of their receipts. */
  acts: string[];
}

/** Whole documents, asked for by id; what the server does not have is missing in the answer. */
export async function stored(phone: Wire, ids: string[]): Promise<Map<string, Stored>> {
  const out = new Map<string, Stored>();
  const reader = Object.assign(phone.another(), { cursors: { ...phone.cursors }, epoch: phone.epoch });
  for (let at = 0; at < ids.length; at += 20) {
    const want = ids.slice(at, at + 20);
    const { docs } = await reader.sync({ want: want.map((id) => bytesOf(id)) });
    for (const frame of docs) {
      const [form, body] = variant(frame.body);
      if (form === 'Snapshot' && want.includes(uuid(frame.id))) out.set(uuid(frame.id), opened(body, frame.acts));
    }
  }
  return out;
}

function opened(body: Uint8Array, acts: any[]): Stored {
  const doc = A.load<any>(body);
  const value = (v: unknown) => (A.isImmutableString(v) ? v.toString() : v);
  return {
    values: Object.fromEntries(Object.entries(doc).map(([key, v]) => [key, value(v)])),
    changes: A.getAllChanges(doc).map((raw) => A.decodeChange(raw).hash),
    acts: acts.sort((a, b) => a.receipt.n - b.receipt.n).map((entry) => Buffer.from(entry.id).toString('hex')),
  };
}

/** 16 bytes, another one for each device and document. */
function actor(device: string, id: string): string {
  return createHash('sha256').update(device).update(id).digest('hex').slice(0, 32);
}

function v4(): Buffer {
  const id = randomBytes(16);
  id[6] = (id[6] & 0x0f) | 0x40;
  id[8] = (id[8] & 0x3f) | 0x80;
  return id;
}
