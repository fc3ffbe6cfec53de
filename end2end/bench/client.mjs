// One client of one system in a process of its own, so that no system inherits another's memory or warm code.
// The parent holds the meter; this process says when a phase begins and ends.
import { sleep } from './lib/child.mjs';

const [system, options] = process.argv.slice(2);

/** Answers of the server that are still under way when the client is content belong to the phase. */
const QUIET_MS = 400;

function take() {
  return new Promise((done) => {
    process.once('message', done);
    process.send({ take: true });
  });
}

async function phase(name, work) {
  await take();
  const began = performance.now();
  const more = await work();
  const seconds = (performance.now() - began) / 1000;
  await sleep(QUIET_MS);
  process.send({ phase: name, seconds, ...(await take()), ...plainObject(more) });
}

/** A phase may add figures of its own. */
function plainObject(more) {
  return more?.figures ?? {};
}

const { run } = await import(`./systems/${system}.mjs`);
await run({ ...JSON.parse(options), phase });
process.send({ done: true }, () => process.exit(0));
