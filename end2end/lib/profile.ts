// Looking for words in everything that a browser left on the disk.
import fs from 'node:fs';
import path from 'node:path';

/** How a word may lie there: UTF-8, UTF-16, and base64 at each of its three alignments. */
export function spellings(word: string): [string, Buffer][] {
  const utf8 = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift): [string, Buffer] => {
    const whole = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64').replace(/=+$/, '');
    // Only the characters that no neighbour has a part in.
    return ['base64', Buffer.from(whole.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + utf8.length) * 4) / 3)))];
  });
  return [['utf-8', utf8], ['utf-16', Buffer.from(word, 'utf16le')], ...base64];
}

/** Every file of a folder that holds a word in any spelling: `path (spelling)`. */
export function findings(folder: string, words: string[]): string[] {
  const needles = words.flatMap(spellings);
  const found: string[] = [];
  for (const file of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const full = path.join(folder, file);
    if (!fs.lstatSync(full).isFile()) continue;
    const bytes = fs.readFileSync(full);
    for (const [how, needle] of needles) {
      if (bytes.includes(needle) || Buffer.from(file).includes(needle)) found.push(`${file} (${how})`);
    }
  }
  return found;
}
