// What was called saved, written down where no fault of the program under test can reach it: a file of the
// test's own, on the disk before the test goes on. At the end everything in it must be found.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Rounds of a long test: a few in ordinary runs, `LIANXIN_ROUNDS=50` for the full number. */
export const ROUNDS = Number(process.env.LIANXIN_ROUNDS ?? 10);

export class Ledger<Line> {
  readonly file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'lianxin-ledger-')), 'saved.jsonl');
  private handle = fs.openSync(this.file, 'a');

  /** Returns once the lines lie on the disk. */
  note(...lines: Line[]) {
    if (!lines.length) return;
    fs.writeSync(this.handle, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    fs.fsyncSync(this.handle);
  }

  /** Everything noted so far, read from the disk. */
  read(): Line[] {
    return fs.readFileSync(this.file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** The test went well: nobody needs it any more. */
  remove() {
    fs.closeSync(this.handle);
    fs.rmSync(path.dirname(this.file), { recursive: true });
  }
}

/** A whole number from `from` to `to`, both included. */
export const between = (from: number, to: number) => from + Math.floor(Math.random() * (to - from + 1));
export const pause = (ms: number) => new Promise<void>((done) => { setTimeout(done, ms); });

/** Smallest, middle and largest, for figures. */
export function spread(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `min ${sorted[0]} · median ${sorted[Math.floor(sorted.length / 2)]} · max ${sorted[sorted.length - 1]}`;
}
