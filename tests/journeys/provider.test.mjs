// People of an organisation log in through its own provider: the first time as newcomers, or by linking an account.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { button, close, field, send, sideways, steps, told, visitor, words } from '../kit.mjs';
import { freePort, provide, simpul } from '../provider.mjs';

const [site, sso] = [await freePort(), await freePort()];
const base = `http://localhost:${site}`;
let stopProvider, stopSite;

before(async () => {
  stopProvider = await provide(sso, `${base}/masuk/lewat/uji/kembali`, { 'p-1': 'Pegawai Satu', 'p-2': 'Pegawai Dua' });
  stopSite = await simpul(site, `[[providers]]\nname = "uji"\ntitle = "SSO Uji"\nissuer = "http://localhost:${sso}"\nclient_id = "simpul"\nclient_secret = "rahasia bersama"\nregister = true\n`);
});
after(async () => {
  stopProvider?.();
  await stopSite?.();
  await close();
});

/** At the provider: says who one is. */
async function identify(page, login) {
  await page.waitForURL(`http://localhost:${sso}/login/**`);
  await page.getByLabel('Nama pegawai').fill(login);
  await button(page, 'Lanjut').click();
  await page.waitForURL(`${base}/**`);
}
const faults = (page) => page.faults.filter((fault) => !fault.startsWith('request to http://localhost:'));

test('a newcomer joins through the organisation and comes back the same way', { timeout: 60_000 }, async (t) => {
  const step = steps(t);
  const page = await visitor({ baseURL: base });
  await step('joins with the name that the organisation knows', async () => {
    await page.goto('/masuk?lalu=%2Fakun');
    await page.getByRole('link', { name: 'Masuk lewat SSO Uji' }).click();
    await identify(page, 'p-1');
    assert.equal(new URL(page.url()).pathname, '/akun');
    assert.equal(await field(page, 'Nama Anda').inputValue(), 'Pegawai Satu');
  });
  await step('keeps the only way in', async () => {
    await page.goto('/akun/keamanan');
    await button(page, 'Lepas').click();
    assert.match(await words(page), /satu-satunya cara Anda masuk/);
  });
  await step('another browser, the same person, the same account', async () => {
    const again = await visitor({ baseURL: base, script: false });
    await again.goto('/masuk?lalu=%2Fakun');
    await again.getByRole('link', { name: 'Masuk lewat SSO Uji' }).click();
    await identify(again, 'p-1');
    assert.equal(await field(again, 'Nama Anda').inputValue(), 'Pegawai Satu');
    assert.equal(await sideways(again), 0);
  });
  assert.deepEqual(faults(page).filter((fault) => !/409/.test(fault)), []);
});

test('an account is linked, used, and unlinked', { timeout: 60_000 }, async (t) => {
  const step = steps(t);
  const page = await visitor({ baseURL: base });
  await step('registers here and links', async () => {
    await page.goto('/daftar');
    await field(page, 'Nama Anda').fill('Warga Dua');
    await field(page, 'Nomor WhatsApp, email, atau nama pengguna').fill('warga-dua');
    await field(page, 'Kata sandi').fill('rakit hanyut di kahayan');
    await send(page, 'Daftar');
    await page.goto('/akun/keamanan');
    await page.getByRole('link', { name: 'Hubungkan SSO Uji' }).click();
    await identify(page, 'p-2');
    await told(page, 'SSO Uji sudah terhubung');
  });
  await step('comes in through the organisation', async () => {
    const again = await visitor({ baseURL: base });
    await again.goto('/masuk?lalu=%2Fakun');
    await again.getByRole('link', { name: 'Masuk lewat SSO Uji' }).click();
    await identify(again, 'p-2');
    assert.equal(await field(again, 'Nama Anda').inputValue(), 'Warga Dua');
  });
  await step('unlinked, the organisation is a stranger again', async () => {
    await send(page, 'Lepas');
    await told(page, 'sudah dilepas');
    const late = await visitor({ baseURL: base });
    await late.goto('/masuk?lalu=%2Fakun');
    await late.getByRole('link', { name: 'Masuk lewat SSO Uji' }).click();
    await identify(late, 'p-2');
    assert.equal(await field(late, 'Nama Anda').inputValue(), 'Pegawai Dua', 'a newcomer, not the account of before');
  });
  assert.deepEqual(faults(page), []);
});
