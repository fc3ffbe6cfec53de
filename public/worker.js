// The dedicated worker: starts core.wasm, which opens the database, merges and syncs. The screens wait for its first
// word before they ask anything. If it cannot start they must hear of it, so that they can start it again.

try {
  // Both at once: on a weak line each round trip is felt.
  const [glue, program] = await Promise.all([import('{{core_js}}'), fetch('{{core_wasm}}')]);
  await glue.default({ module_or_path: program });
} catch (reason) {
  setTimeout(() => { throw reason; }); // outside the promise: only this surely reaches `worker.onerror`
}
