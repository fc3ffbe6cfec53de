// Power loss on a phone: every process of the browser dies at once, without a farewell.
import fs from 'node:fs';
import type { Phone } from './app';
import { pause } from './ledger';

/** SIGKILL to the whole process group of this phone's browser, and to whatever left the group. */
export async function killBrowser(phone: Phone) {
  for (const pid of processes(phone.profile)) signal(-groupOf(pid));
  for (let i = 0; i < 100; i++) {
    const left = processes(phone.profile);
    if (!left.length) break;
    left.forEach(signal);
    await pause(20);
  }
  await phone.context.close().catch(() => {});
}

/** Processes that name this profile: nobody else's browser does. */
function processes(profile: string): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => pid !== process.pid && read(`/proc/${pid}/cmdline`).includes(profile));
}

/** Field 5 of `stat`, counted behind the name in brackets, which may hold blanks. */
function groupOf(pid: number): number {
  const [, , group] = read(`/proc/${pid}/stat`).split(') ').pop()!.split(' ');
  const own = read(`/proc/${process.pid}/stat`).split(') ').pop()!.split(' ')[2];
  return Number(group) && group !== own ? Number(group) : pid;
}

function signal(pid: number) {
  try { process.kill(pid, 'SIGKILL'); } catch { /* it is dead already */ }
}

function read(file: string): string {
  try { return fs.readFileSync(file, 'utf8'); } catch { return ''; }
}
