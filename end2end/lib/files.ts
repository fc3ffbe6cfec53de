// Picture files of a size that no camera of ours makes, built by hand so that they are real ones.
import { randomFillSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

/** A PNG of noise, which nothing can pack: `side`² pixels are 3 · `side`² bytes. */
export function noisePng(side: number, name: string): string {
  const rows = Buffer.alloc(side * (1 + side * 3));
  randomFillSync(rows);
  for (let row = 0; row < side; row++) rows[row * (1 + side * 3)] = 0; // no filter
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8); // 8 bits each of red, green, blue
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const packed = zlib.deflateSync(rows, { level: 0 });
  return written(name, Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]));
}

/** A file of this name with these bytes, which goes when the tests end. */
export function written(name: string, bytes: Buffer): string {
  const file = path.join(os.tmpdir(), `lianxin-${process.pid}-${name}`);
  fs.writeFileSync(file, bytes);
  process.once('exit', () => fs.rmSync(file, { force: true }));
  return file;
}

/** A file of this length with nothing in it; takes no room on the disk. */
export function hollow(name: string, length: number): string {
  const file = written(name, Buffer.alloc(0));
  fs.truncateSync(file, length);
  return file;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}
