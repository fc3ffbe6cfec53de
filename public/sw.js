// The service worker: keeps the program, never the data. All files of one build are kept or none counts; a new build
// waits until the person says so; old caches go, IndexedDB is never touched. Kill switch: sw-kill.js.

const BUILD = '{{build}}';
// [address, integrity] of every file of this build. The browser checks the integrity, so a captive portal's page with
// status 200 can never be kept in place of a program.
const FILES = {{precache}};

const PREFIX = 'lianxin-shell-';
const CACHE = PREFIX + BUILD;
const COMPLETE = '/.complete'; // an entry, not a file: this cache holds all of its build
const PAGE = '/index.html';
// The server's own addresses: asked of the network, each time, and never kept. `/sync` is not among them: the request
// of that name is a POST and never comes here, and opened as a page it is the 同步中心.
const LIVE = ['/api', '/blobs', '/events', '/health'];
const KNOWN = new Set(FILES.map(([address]) => address));

addEventListener('install', (event) => event.waitUntil(install()));
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('message', (event) => { if (event.data?.type === 'activate') skipWaiting(); });
addEventListener('fetch', (event) => {
  const answer = answerFor(event.request);
  if (answer) event.respondWith(answer);
});

// What came before a lost connection stays, so the next try goes on from there: at a mine's 64 kbit/s the whole
// program takes minutes, and starting over each time would mean never.
async function install() {
  await forget(async (name) => name !== CACHE && !(await isComplete(name)));
  const cache = await caches.open(CACHE);
  for (const file of FILES) await keep(cache, file);
  await cache.put(COMPLETE, new Response(BUILD));
}

async function keep(cache, [address, integrity]) {
  if (await cache.match(address)) return;
  const before = address.startsWith('/assets/') && (await caches.match(address)); // the name is the content
  const answer = before && (await sound(before, integrity)) ? before : await load(address, integrity);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await cache.put(address, answer);
}

// From the browser's own cache if what lies there is whole, else from the server.
function load(address, integrity) {
  const ask = (cache) => fetch(address, { integrity, redirect: 'error', cache });
  return address.startsWith('/assets/') ? ask('default').catch(() => ask('reload')) : ask('reload');
}

// A disk can rot. What an old version kept is checked before a new one builds on it.
async function sound(answer, integrity) {
  const digest = await crypto.subtle.digest('SHA-256', await answer.clone().arrayBuffer());
  return integrity === `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

async function activate() {
  await forget((name) => name !== CACHE);
  await clients.claim();
}

// Removes caches of ours that `old` names. Never another's cache, never a database.
async function forget(old) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && (await old(name))) await caches.delete(name);
  }
}

async function isComplete(name) {
  return Boolean(await (await caches.open(name)).match(COMPLETE));
}

// The answer from the cache, or nothing when the network must be asked.
function answerFor(request) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return null;
  if (LIVE.some((live) => pathname === live || pathname.startsWith(live + '/'))) return null;
  if (KNOWN.has(pathname)) return kept(pathname, request);
  if (request.mode === 'navigate' && !/\.\w+$/.test(pathname)) return kept(PAGE, request);
  return null;
}

// Asked with `cache: 'reload'` (the boot page's 重试), a file is fetched and kept anew.
async function kept(address, request) {
  const cache = await caches.open(CACHE);
  if (request.cache === 'reload') {
    const integrity = FILES.find(([known]) => known === address)[1];
    const answer = await fetch(address, { integrity, redirect: 'error', cache: 'reload' });
    await cache.put(address, answer.clone());
    return answer;
  }
  return (await cache.match(address)) ?? fetch(request); // the browser may have evicted it
}
