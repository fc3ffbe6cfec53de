// The dedicated worker: starts core.wasm, which opens the database, merges and syncs. The screens wait for its first
// word before they ask anything. If it cannot start they must hear of it, so that they can start it again.

// One guess at a PIN or passphrase (app/stretch). A fresh memory each time: it goes with what stood in it. Nothing
// comes back when the phone has not so much memory.
globalThis.LIANXIN_STRETCH = async (secret, salt, kib, passes) => {
  const { put, run, key } = (await WebAssembly.instantiate(await stretch(), {})).exports;
  for (const byte of [...salt, ...secret]) put(byte);
  if (!run(kib, passes)) throw new Error('memory');
  return Uint8Array.from({ length: 32 }, (_, at) => key(at));
};

// Its code, fetched before somebody waits for it; after a failure the next one who needs it tries again.
let code;
function stretch() {
  code ??= WebAssembly.compileStreaming(fetch('{{stretch}}'));
  code.catch(() => { code = undefined; });
  return code;
}

// Locking and unlocking (app/locks): a program of its own, whose first words the page waits for.
const locks = import('{{locks_js}}').then(async (glue) => {
  await glue.default({ module_or_path: fetch('{{locks_wasm}}') });
  stretch();
  return glue;
});
locks.catch(() => {}); // whoever asks hears of it
globalThis.LIANXIN_LOCKS = async (what, ask, opened) => (await locks).serve(what, ask, opened);

try {
  // Both at once: on a weak line each round trip is felt.
  const [glue, program] = await Promise.all([import('{{core_js}}'), fetch('{{core_wasm}}')]);
  await glue.default({ module_or_path: program });
} catch (reason) {
  setTimeout(() => { throw reason; }); // outside the promise: only this surely reaches `worker.onerror`
}
