// Starts the screens: fetches their program with a visible percentage on slow links, hands it to the glue, takes the
// boot screen away, starts the worker beside them, then looks after the service worker. What it leaves on the window
// for the program, and the events, are in app/bundle/README.md, “What the page and the program say to each other”.

const root = document.documentElement;
const part = (name) => document.getElementById(`boot-${name}`);
const { glue, program, size, worker, english } = document.getElementById('boot').dataset;

const PATIENCE_MS = 1500; // a percentage that shows at once only flickers
const AGAIN_MS = 3600_000; // how often a page that stays open looks for a new version
const QUICK_MS = 500; // a line that brings the screens in this time has room for everything at once
const CALM_MS = 15_000; // after this the rest of the build may share the line: somebody reads or types at leisure

// Trusted Types (the page's policy, server/src/guard/headers.rs): scripts start from these two addresses and no
// other, and nothing makes elements or code from a string; there is no policy that would let it.
window.trustedTypes?.createPolicy('default', {
  createScriptURL: (url) => ([worker, '/sw.js'].some((ours) => absolute(ours) === absolute(url)) ? url : null),
});

window.LIANXIN_WORKER = worker;
window.LIANXIN_ACTIVATE = update;
window.LIANXIN_WORDS = words;
window.LIANXIN_PASSKEY = { usable: passkeysUsable, make: makePasskey, ask: askPasskey, chance };
if (root.dataset.boot !== 'unsupported') {
  root.dataset.boot = 'loading';
  start().catch(failed);
}

function absolute(url) {
  return new URL(url, location.href).href;
}

async function start() {
  if (isKnown()) begin();
  const texts = root.lang === 'en' ? words().catch(() => null) : null; // without them it speaks Chinese
  const [module, answer] = await Promise.all([import(glue), fetch(program)]);
  if (!answer.ok) throw new Error(`${answer.status}`);
  window.LIANXIN_ENGLISH = await texts;
  await module.default({ module_or_path: counted(answer, Number(size)) });
  root.dataset.boot = 'started';
  document.getElementById('boot-screen').remove();
  begin();
  await calm();
  lookAfterShell();
}

// Has somebody signed in here? A mark without a name (app/src/shell/known.rs).
function isKnown() {
  try { return Boolean(localStorage.getItem('lianxin.known')); } catch { return false; }
}

// The worker. For somebody who is known here it starts beside the screens, because all they show comes from it; on a
// first visit behind their last byte, so that the sign-in form need not share the line with it. The program takes it over with
// what it said until then.
function begin() {
  if (window.LIANXIN_BEGUN !== undefined) return;
  const begun = { worker: new Worker(worker, { type: 'module' }), heard: [], broke: false };
  begun.worker.onmessage = ({ data }) => begun.heard.push(data);
  begun.worker.onerror = () => { begun.broke = true; };
  window.LIANXIN_BEGUN = begun;
}

let quick = false; // until the screens' bytes have been counted

// Until what the person waits for is there. A page that the service worker serves has all of it already.
function calm() {
  if (quick || navigator.serviceWorker?.controller) return undefined;
  return new Promise((done) => {
    addEventListener('lianxin-calm', done, { once: true });
    setTimeout(done, CALM_MS);
  });
}

// The English texts, for whoever chose them.
async function words() {
  const answer = await fetch(english);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

// The same answer, with its bytes counted on the way. Still streamed: the program compiles while it comes. What comes
// from the service worker is left as it is: an answer made here has no place where the browser keeps compiled code.
function counted(answer, total) {
  if (typeof TransformStream !== 'function' || navigator.serviceWorker?.controller) return answer;
  const started = performance.now();
  let seen = 0;
  const counter = new TransformStream({
    transform(bytes, out) {
      seen += bytes.byteLength;
      if (performance.now() - started > PATIENCE_MS) progress(seen / total);
      out.enqueue(bytes);
    },
    flush() {
      quick = performance.now() - started < QUICK_MS;
      begin();
    },
  });
  return new Response(answer.body.pipeThrough(counter), { headers: { 'content-type': 'application/wasm' } });
}

function progress(share) {
  const line = part('progress');
  if (!line) return;
  line.hidden = false;
  line.textContent = `正在下载 Loading ${Math.min(100, Math.floor(share * 100))} %`;
}

function failed(reason) {
  root.dataset.boot = 'failed';
  console.error(reason);
  if (!part('screen')) return; // the program has taken over and shows its own troubles
  part('rows').hidden = true;
  part('progress').hidden = true;
  part('detail').textContent = reason instanceof WebAssembly.RuntimeError ? 'start' : String(reason.message ?? '');
  part('failed').hidden = false;
  part('again').addEventListener('click', again);
  lookAfterShell(); // a build that does not start must still be able to take in the next one
}

// Past every cache: what came broken once may have been kept broken.
async function again() {
  await Promise.allSettled([glue, program].map((address) => fetch(address, { cache: 'reload' }).then((a) => a.blob())));
  location.reload();
}

// ---- Passkeys: the phone's own finger, face or code gives 32 secret bytes (WebAuthn PRF), also without a network ----

async function passkeysUsable() {
  return Boolean(window.PublicKeyCredential) && PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
}

function chance(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

// Name of the passkey, what it was asked with, what it answered; nothing when this phone's passkeys give no secret.
async function makePasskey() {
  const input = chance(32);
  const made = await navigator.credentials.create({ publicKey: {
    challenge: chance(32),
    rp: { name: '连心桥' },
    user: { id: chance(16), name: '连心桥', displayName: '连心桥' }, // no person is named outside the vault
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
    authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required' },
    extensions: { prf: { eval: { first: input } } },
  } });
  const { prf } = made.getClientExtensionResults();
  if (!prf?.enabled) return null;
  const name = new Uint8Array(made.rawId);
  const secret = prf.results?.first ? new Uint8Array(prf.results.first) : await askPasskey(name, input);
  return secret && [name, input, secret];
}

async function askPasskey(name, input) {
  const given = await navigator.credentials.get({ publicKey: {
    challenge: chance(32),
    allowCredentials: [{ type: 'public-key', id: name }],
    userVerification: 'required',
    extensions: { prf: { eval: { first: input } } },
  } });
  const first = given.getClientExtensionResults().prf?.results?.first;
  return first ? new Uint8Array(first) : null;
}

// ---- The service worker ----

let asked = false; // the next build may take over this page now
let registration;

function lookAfterShell() {
  if (!('serviceWorker' in navigator)) return;
  register().catch((refused) => console.warn('service worker:', refused.message));
}

async function register() {
  const { serviceWorker } = navigator;
  let controlled = Boolean(serviceWorker.controller);
  // Only the page where the person asked is loaded anew. Others may have a form open; they are told.
  serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload();
    else if (controlled) tell('update'); // taken in by another page; this one is offered to follow
    controlled = true;
  });
  registration = await serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  registration.addEventListener('updatefound', () => watch(registration.installing));
  watch(registration.installing);
  if (registration.active) tell('offline');
  if (registration.waiting && controlled) updateReady();
  lookAgain();
}

function watch(worker) {
  worker?.addEventListener('statechange', () => {
    if (worker.state === 'installed' && navigator.serviceWorker.controller) updateReady();
    if (worker.state === 'activated') tell('offline');
  });
}

function updateReady() {
  tell('update');
  if (root.dataset.boot === 'failed') update(); // no form can be open
}

function update() {
  asked = true;
  if (registration?.waiting) registration.waiting.postMessage({ type: 'activate' });
  else location.reload();
}

// Both a mark and an event: the program may begin to listen before or after.
function tell(what) {
  window[`LIANXIN_${what.toUpperCase()}`] = true;
  dispatchEvent(new CustomEvent(`lianxin-${what}`));
}

function lookAgain() {
  let last = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < AGAIN_MS) return;
    last = Date.now();
    registration.update().catch(() => {}); // no network: the next time will do
  });
}
