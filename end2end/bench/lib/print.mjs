// The table, the ratios and the one line of JSON.
const PHASES = {
  upload: 'upload', cold: 'cold download, every document opened in the client', unopened: 'cold download, kept but not opened',
  everything: 'cold download by an empty phone: the records and all units and people of the demo that this person sees, not opened',
  nothing: 'reconnect, nothing new', browser: 'reconnect, nothing new, with the headers that Chromium adds',
  changed: 'reconnect, some changed by somebody else',
};
/** Their names in the list of ratios. */
const RATIOS = { upload: 'upload', cold: 'cold, opened', unopened: 'cold, ours not opened', nothing: 'nothing new', changed: 'some changed' };
/** Phases that only this server has. */
const OWN = { unopened: true, everything: true, browser: true };

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor((list.length - 1) / 2)];

/** Prints everything and returns it as data. */
export function print(results, conditions) {
  const summary = { conditions: { ...conditions, node: process.version }, systems: {} };
  for (const [name, runs] of Object.entries(results)) summary.systems[name] = summarise(runs);
  for (const [phase, title] of Object.entries(PHASES)) table(phase, title, summary.systems);
  memoryTable(summary.systems);
  summary.ratios = ratios(summary.systems);
  notes(conditions);
  console.log(`\n${JSON.stringify(summary)}`);
  return summary;
}

function summarise(runs) {
  const phases = {};
  for (const name of Object.keys(PHASES)) {
    const seen = runs.map((run) => run.phases[name]).filter(Boolean);
    if (seen.length) phases[name] = figures(seen);
  }
  const mb = (key) => Math.round(Math.max(...runs.map((run) => run.memory[key])));
  return { runs: runs.length, stopped: runs.some((run) => run.stopped), phases, memory: { idle: mb('idle'), after: mb('now'), peak: mb('peak') } };
}

function figures(seen) {
  const one = (key) => median(seen.map((phase) => phase[key] ?? 0));
  const keys = ['up', 'down', 'requests', 'messagesUp', 'messagesDown', 'connections', 'documents', 'others'];
  const round = (n) => Math.round(n * 1000) / 1000;
  const all = seen.map((phase) => phase.seconds);
  const seconds = { seconds: round(median(all)), fastest: round(Math.min(...all)), slowest: round(Math.max(...all)) };
  return { ...seconds, ...Object.fromEntries(keys.map((key) => [key, one(key)])) };
}

function table(phase, title, systems) {
  const rows = Object.entries(systems).map(([name, system]) => {
    const f = system.phases[phase];
    if (!f) return system.stopped && !(phase in OWN) ? [name, 'not within the limit'] : null;
    const messages = f.messagesUp + f.messagesDown;
    const calls = messages ? `${f.messagesUp} + ${f.messagesDown} messages` : `${f.requests} request${f.requests === 1 ? '' : 's'}`;
    const traffic = f.others ? `${calls}, ${f.documents} records and ${f.others} others` : calls;
    const spread = system.runs > 1 ? `(${f.fastest.toFixed(3)}–${f.slowest.toFixed(3)})` : '';
    return [name, `${f.seconds.toFixed(3)} s ${spread}`, `${bytes(f.up)} up`, `${bytes(f.down)} down`, traffic];
  });
  show(title, rows.filter(Boolean));
}

function memoryTable(systems) {
  const rows = Object.entries(systems).map(([name, { memory }]) => [name, `idle ${memory.idle} MB`, `after ${memory.after} MB`, `peak ${memory.peak} MB`]);
  show('resident memory of the server', rows);
}

function show(title, rows) {
  if (!rows.length) return;
  const widths = [];
  for (const row of rows) row.forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? 0, cell.length); });
  console.log(`\n${title}`);
  for (const row of rows) console.log(`  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd()}`);
}

/** How many times more the others need than we do. */
function ratios(systems) {
  const out = {};
  for (const [name, other] of Object.entries(systems)) {
    if (name === 'lianxin' || !systems.lianxin) continue;
    out[name] = {};
    for (const phase of Object.keys(PHASES)) {
      // They have no such phase of their own: their clients always open what comes.
      const theirs = other.phases[phase === 'unopened' ? 'cold' : phase];
      const ours = systems.lianxin.phases[phase];
      if (!ours || !theirs) continue;
      const times = (value) => Math.round(value * 100) / 100;
      const calls = (f) => f.requests + f.messagesUp + f.messagesDown;
      out[name][phase] = {
        seconds: times(theirs.seconds / ours.seconds),
        bytes: times((theirs.up + theirs.down) / (ours.up + ours.down)),
        messages: times(calls(theirs) / calls(ours)),
      };
    }
    out[name].memory = Math.round((other.memory.after / systems.lianxin.memory.after) * 100) / 100;
    ratioTable(name, out[name]);
  }
  return out;
}

function ratioTable(name, of) {
  const rows = Object.entries(of).filter(([phase]) => phase !== 'memory');
  show(`${name} needs, compared with this server`, [
    ...rows.map(([phase, r]) => [RATIOS[phase], `${r.seconds} × the time`, `${r.bytes} × the bytes`, `${r.messages} × the requests or messages`]),
    ['memory', `${of.memory} ×`],
  ]);
}

function bytes(n) {
  return n < 10_000 ? `${n} B` : `${(n / 1000).toFixed(1)} kB`;
}

/** What a reader must know to judge the figures; more in end2end/README.md. */
function notes({ docs, changed, runs, rtt, limit, files, load, cores }) {
  console.log(`
${docs} records of 26 values; ${changed} changed; median of ${runs} runs with fastest and slowest, each on a fresh server, client and
server as processes of one machine, measured at a proxy between them: TCP payload with all headers, no TLS${rtt ? `, ${rtt} ms round trip` : ''}.
A run over ${limit} s is stopped. ${cores} cores, load ${load} at the start${load > cores ? ': OTHERS WERE AT WORK, trust the ratios only' : ''}.
against this server: it alone checks who may write and read what, runs every change through its gate, holds the 6,800 people
  of the demo besides, and has each acknowledged change on disk (fsync${files === 'tmpfs' ? ', but here on tmpfs: SET TMPDIR TO A REAL DISK' : ` on ${files}`}).
  automerge-repo acknowledges before it writes and never fsyncs, express-pouchdb keeps everything in memory.
for this server: "not opened" is what its phone does; the peers' clients have no such way. PouchDB's documents do not merge.`);
}
