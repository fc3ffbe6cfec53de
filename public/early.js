// Runs before the first paint: theme, contrast, text size and 关怀模式 as this person chose them, so that nothing
// flashes or jumps. Written for old engines, because it is also the one that tells them they are too old.
(function () {
  var root = document.documentElement;

  // `theme=dark;contrast=more;font=2;care=on;lang=en`, written by app/src/ui/prefs.rs.
  function kept() {
    try { return localStorage.getItem('ui.prefs') || ''; } catch (refused) { return ''; }
  }
  function set(attribute, value, allowed) {
    if (allowed.indexOf(value) >= 0) root.setAttribute(attribute, value);
  }
  function apply(key, value) {
    if (key === 'theme') set('data-theme', value, ['light', 'dark', 'auto']);
    if (key === 'contrast') set('data-contrast', value, ['more', 'auto']);
    if (key === 'care') set('data-care', value, ['on', 'off']);
    if (key === 'lang') set('lang', value, ['zh-CN', 'en']);
    if (key === 'font') set('data-fs', STEPS[value], STEPS);
  }
  var STEPS = ['1', '1.15', '1.3', '1.5', '1.8'];
  var pairs = kept().split(';');
  for (var i = 0; i < pairs.length; i++) apply(pairs[i].split('=')[0], pairs[i].split('=')[1]);

  // The last test stands for the engine's age: the program keeps its objects in such a table.
  function able() {
    try {
      new WebAssembly.Table({ element: 'externref', initial: 0 });
      return 'noModule' in document.createElement('script') && typeof indexedDB === 'object' && typeof Worker === 'function';
    } catch (tooOld) { return false; }
  }
  if (able() && location.pathname !== '/unsupported') return;
  root.setAttribute('data-boot', 'unsupported');
  document.addEventListener('DOMContentLoaded', function () {
    document.getElementById('boot-rows').hidden = true;
    document.getElementById('boot-unsupported').hidden = false;
  });
})();
