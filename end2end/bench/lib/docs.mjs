// A record as an Automerge document, exactly as the phone founds one (app/domain/src/kernel/crdt.rs):
// short fields are scalar strings, texts are text objects, the four meta keys stand in the first change.
import * as A from '@automerge/automerge';
import { createHash } from 'node:crypto';
import { TEXTS, mended, record } from './records.mjs';

const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** 16 bytes, another one for each document and device, as the product demands it. */
export function actor(device, id) {
  return createHash('sha256').update(device).update(id).digest('hex').slice(0, 32);
}

/** Document with `meta` and the values of record `i`, in one change. */
export function found(i, id, meta, device) {
  const empty = A.init({ actor: actor(device, id) });
  return A.change(empty, { time: Math.floor(meta['@born'] / 1000) }, (doc) => {
    for (const [key, value] of Object.entries({ ...meta, ...record(i) })) {
      const scalar = typeof value === 'string' && !TEXTS.includes(key);
      doc[key] = scalar ? new A.ImmutableString(value) : value;
    }
  });
}

/** The edit of "changed", in one change of another device. */
export function mend(doc, i) {
  const { title, more } = mended(i);
  return A.change(doc, { time: 1_795_000_000 }, (doc) => {
    doc.title = new A.ImmutableString(title);
    A.splice(doc, ['text'], doc.text.length, 0, more);
  });
}

/** Opens a saved document as another device. */
export function open(bytes, id, device) {
  return A.load(bytes, { actor: actor(device, id) });
}

/** The last change as it travels: a raw chunk. */
export function rawChange(doc) {
  const chunk = A.getLastLocalChange(doc);
  if (chunk?.[8] !== 1) throw new Error(`not a plain change chunk but type ${chunk?.[8]}`);
  return chunk;
}

/** Values as plain data, to compare documents that went different ways. */
export function plain(doc) {
  const value = (v) => (A.isImmutableString(v) ? v.toString() : v);
  return Object.fromEntries(Object.entries(doc).map(([key, v]) => [key, value(v)]));
}

export const save = A.save;
export { hex };
