// The kill switch: served at /sw.js in place of the service worker when one must go (server: see docs, “kill switch”).
// Removes the kept program and itself. Never the data: IndexedDB is not named here, and nothing is reloaded, because
// a form may be open. The next time a page is opened, it comes from the network.

addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(goAway()));

async function goAway() {
  for (const name of await caches.keys()) {
    if (name.startsWith('lianxin-shell-')) await caches.delete(name);
  }
  await registration.unregister();
}
