// Draws public/icons/{180,192,512}.png from mark.svg: `node app/bundle/icons.mjs` after changing the mark.
// Chromium draws; then sixteen shades between the mark's two colours are enough, which makes the files a quarter of
// their size. No image library: a PNG of few colours is a header, a palette and deflate.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const FROM = [0xc7, 0x00, 0x0b]; // --brand
const TO = [0xff, 0xff, 0xff];
const SHADES = 16;
const icons = new URL('../../public/icons/', import.meta.url).pathname;
const work = mkdtempSync(join(tmpdir(), 'icons-'));

for (const size of [180, 192, 512]) {
  const png = encode(size, shades(decode(draw(size))));
  writeFileSync(join(icons, `${size}.png`), png);
  console.log(`${size}.png  ${png.length} bytes`);
}
rmSync(work, { recursive: true });

function draw(size) {
  const page = join(work, 'page.html');
  const picture = join(work, 'picture.png');
  const fit = `*{margin:0}img{display:block;width:${size}px;height:${size}px}`;
  writeFileSync(page, `<!doctype html><style>${fit}</style><img src="file://${icons}mark.svg">`);
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
  const shot = [`--window-size=${size},${size}`, `--screenshot=${picture}`, '--hide-scrollbars'];
  const chromium = process.env.LIANXIN_CHROMIUM ?? 'chromium';
  const ran = spawnSync(chromium, [...flags, ...shot, '--allow-file-access-from-files', `file://${page}`]);
  if (ran.status !== 0) throw new Error(`chromium: ${ran.stderr ?? ran.error}`);
  return readFileSync(picture);
}

// An 8-bit RGB or RGBA picture without interlacing, which is what Chromium writes, as rows of [r, g, b, …].
function decode(png) {
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const parts = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
  }
  const packed = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const rows = [];
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    rows.push(unfilter(packed[start], packed.subarray(start + 1, start + 1 + stride), rows[y - 1], channels));
  }
  return rows.map((row) => Array.from({ length: width }, (_, x) => row.subarray(x * channels, x * channels + 3)));
}

function unfilter(kind, row, above, channels) {
  for (let i = 0; i < row.length; i++) {
    const left = i >= channels ? row[i - channels] : 0;
    const up = above?.[i] ?? 0;
    const corner = i >= channels ? (above?.[i - channels] ?? 0) : 0;
    row[i] += [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
  }
  return row;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

// Green tells the two colours apart best: 0 is the ground, 255 the mark.
function shades(rows) {
  return rows.map((row) => row.map(([, green]) => Math.round((green / 255) * (SHADES - 1))));
}

// Four bits a pixel with a palette.
function encode(size, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([4, 3, 0, 0, 0], 8);
  const mix = (shade) => FROM.map((from, i) => Math.round(from + ((TO[i] - from) * shade) / (SHADES - 1)));
  const palette = Buffer.from(Array.from({ length: SHADES }, (_, shade) => mix(shade)).flat());
  const pixels = Buffer.concat(rows.map((row) => Buffer.from([0, ...pairs(row)])));
  const chunks = [chunk('IHDR', header), chunk('PLTE', palette), chunk('IDAT', deflateSync(pixels, { level: 9 }))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

function pairs(row) {
  return Array.from({ length: Math.ceil(row.length / 2) }, (_, i) => (row[2 * i] << 4) | (row[2 * i + 1] ?? 0));
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
