// What a person does with the lock of a phone, beyond what every story needs.
import { expect, type Locator } from '@playwright/test';
import type { Phone } from './app';

/** What a locked phone says. */
export const lockScreen = (phone: Phone): Locator => phone.page.getByText('已锁定。内容加密保存在本机');

/** 我的 → 锁定. */
export async function lock(phone: Phone) {
  await phone.go('/me');
  await phone.page.getByRole('button', { name: '锁定' }).click();
  await expect(lockScreen(phone)).toBeVisible();
}

/** Unlocking leads to where one was: here the page 我的, which names the person. */
export const back = (phone: Phone, name: string): Locator => phone.page.locator('main#main').getByText(name).first();

/** The form with this field: a lock screen may have one for the PIN and one for the passphrase. */
export const form = (phone: Phone, field: string): Locator => phone.page.locator('form').filter({ has: phone.field(field) });

/** Types a secret on the lock screen and presses 解锁. */
export async function give(phone: Phone, field: 'PIN' | '口令', secret: string) {
  await phone.field(field).fill(secret);
  await form(phone, field).getByRole('button', { name: '解锁' }).click();
}

/** From now on the phone has a finger to ask for, which gives a secret (WebAuthn PRF). */
export async function withPasskeys(phone: Phone) {
  const browser = await phone.context.newCDPSession(phone.page);
  await browser.send('WebAuthn.enable');
  await browser.send('WebAuthn.addVirtualAuthenticator', { options: {
    protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
    hasPrf: true, automaticPresenceSimulation: true, isUserVerified: true,
  } });
}

/** What this phone puts behind its lock can be looked at from now on ([`kept`]); before the first page loads. The
 *  service worker would bring the worker's file from its cache, past this. */
export function openToEyes(phone: Phone) {
  phone.options = { serviceWorkers: 'block' };
  phone.prepare = (context) => context.route('**/assets/worker*.js', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: EYES + (await answer.text()) });
  });
}

const EYES = `{
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  globalThis.SEALED = [];
  crypto.subtle.encrypt = (how, key, plain) => {
    if (how.additionalData) SEALED.push([how.additionalData, plain].map((bytes) => Uint8Array.from(new Uint8Array(bytes.buffer))));
    return encrypt(how, key, plain);
  };
}
`;

/** Every value under the lock that speaks of the document, as text: as it was before it was sealed. */
export async function kept(phone: Phone, id: string): Promise<string[]> {
  const worker = phone.page.workers().find((one) => one.url().includes('/assets/worker'))!;
  return worker.evaluate((hex) => {
    const needle = Uint8Array.from(hex.match(/../g)!.map((byte) => parseInt(byte, 16)));
    const holds = (bytes: Uint8Array) => bytes.some((_, at) => needle.every((byte, i) => bytes[at + i] === byte));
    // Lines of lists lie many together: each by itself (app/store/src/vault/packs.rs).
    const lines = (pack: Uint8Array) => {
      const out: Uint8Array[] = [], view = new DataView(pack.buffer);
      for (let at = 0; at < pack.length;) {
        const value = at + 1 + pack[at]! + 4, length = view.getUint32(value - 4, true);
        const end = value + (length === 0xffffffff ? 0 : length);
        out.push(pack.subarray(at, end));
        at = end;
      }
      return out;
    };
    const isRows = (about: Uint8Array) => new TextDecoder().decode(about).startsWith('rows\0');
    const sealed: [Uint8Array, Uint8Array][] = (globalThis as any).SEALED;
    const values = sealed.flatMap(([about, plain]) => (isRows(about) ? lines(plain) : [plain]));
    return values.filter(holds).map((bytes) => new TextDecoder().decode(bytes));
  }, id.replaceAll('-', ''));
}
