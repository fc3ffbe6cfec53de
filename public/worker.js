// The dedicated worker: starts core.wasm, which opens the database, merges and syncs. The screens wait for its first
// word before they ask anything. If it cannot start they must hear of it, so that they can start it again.

import start from '{{core_js}}';

try {
  await start({ module_or_path: '{{core_wasm}}' });
} catch (reason) {
  setTimeout(() => { throw reason; }); // outside the promise: only this surely reaches `worker.onerror`
}
