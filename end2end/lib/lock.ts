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
