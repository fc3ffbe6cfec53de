// Every address of the app, read from its sources: the pages of each module are the arms of a `match` on the
// segments of the address (app/src/modules/*/mod.rs). A page that comes to exist is found here by itself.
import fs from 'node:fs';
import path from 'node:path';

const MODULES = path.join(import.meta.dirname, '../../app/src/modules');

/** `/news/:id` and the like, sorted. */
export function routes(): string[] {
  const found = new Set<string>();
  for (const module of fs.readdirSync(MODULES, { withFileTypes: true })) {
    if (!module.isDirectory()) continue;
    const source = fs.readFileSync(path.join(MODULES, module.name, 'mod.rs'), 'utf8');
    // What leads on to a part that is fetched later has its own arms there.
    for (const [, arm] of source.matchAll(/^\s*\[([^\]\n]*)\] =>(?! later)/gm)) spelled(arm!).forEach((route) => found.add(route));
  }
  return [...found].sort();
}

/** Which of them an address belongs to. */
export function routeOf(address: string, all = routes()): string | undefined {
  const parts = new URL(address, 'http://x').pathname.split('/').filter(Boolean);
  const fits = (route: string) => {
    const wanted = route.split('/').filter(Boolean);
    return wanted.length === parts.length && wanted.every((one, i) => one.startsWith(':') || one === parts[i]);
  };
  return [...all].sort((a, b) => holes(a) - holes(b)).find(fits);
}
const holes = (route: string) => route.split(':').length;

/** `"services" | "work"` are two addresses, `"news", ..` are a list and its records, a name is an id. */
function spelled(arm: string): string[] {
  let out = [''];
  for (const part of arm.split(',').map((part) => part.trim()).filter(Boolean)) {
    const words = part === '..' ? ['', '/:id'] : part.split('|').map((one) => {
      const [, literal] = /^"([^"]*)"$/.exec(one.trim()) ?? [];
      return literal === undefined ? '/:id' : `/${literal}`;
    });
    out = out.flatMap((before) => words.map((word) => before + word));
  }
  return out.map((route) => route || '/');
}
