// Passkeys and code apps as their owners use them, with Chromium's virtual authenticator.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, field, fresh, send, sideways, steps, told, visitor, words } from '../kit.mjs';

after(close);

/** A phone with a screen lock that its owner opens at once. */
async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
}

test('a resident joins with a passkey, leaves and comes back with it', { timeout: 60_000 }, async (t) => {
  const page = await visitor();
  const step = steps(t);
  const name = `Warga ${fresh()}`;
  await authenticator(page);
  await step('registers without a password', async () => {
    await page.goto('/daftar');
    await field(page, 'Nama Anda').fill(name);
    await field(page, 'Nomor WhatsApp, email, atau nama pengguna').fill(`warga-${fresh()}`);
    await page.getByRole('button', { name: 'Daftar dengan kunci sandi' }).click();
    await page.waitForURL('**/meja');
  });
  await step('sees the passkey and this device', async () => {
    await page.goto('/akun/keamanan');
    assert.match(await words(page), /Kunci sandi .*Perangkat ini/);
    assert.equal(await sideways(page), 0);
  });
  await step('cannot remove the only way in', async () => {
    await page.getByRole('button', { name: 'Lepas' }).click();
    assert.match(await words(page), /satu-satunya cara Anda masuk/);
  });
  await step('logs out and in again', async () => {
    await page.goto('/meja');
    await page.request.post('/keluar', { form: { _kunci: fresh() + fresh() } });
    await page.goto('/masuk?lalu=%2Fakun');
    await page.getByRole('button', { name: 'Masuk dengan kunci sandi' }).click();
    await page.waitForURL('**/akun');
    assert.equal(await field(page, 'Nama Anda').inputValue(), name);
  });
  assert.deepEqual(page.faults.filter((fault) => !/409/.test(fault)), []);
});

test('a passkey is added to an account with a password', { timeout: 60_000 }, async (t) => {
  const page = await visitor();
  const step = steps(t);
  const login = `warga-${fresh()}`;
  await authenticator(page);
  await step('registers with a password', async () => {
    await page.goto('/daftar');
    await field(page, 'Nama Anda').fill('Warga Berkunci');
    await field(page, 'Nomor WhatsApp, email, atau nama pengguna').fill(login);
    await field(page, 'Kata sandi').fill('lima kata yang acak sekali');
    await send(page, 'Daftar');
  });
  await step('adds the passkey and makes recovery codes', async () => {
    await page.goto('/akun/keamanan');
    await field(page, 'Nama kunci sandi baru').fill('HP kantor');
    await page.getByRole('button', { name: 'Pasang kunci sandi' }).click();
    await page.getByText('HP kantor').waitFor();
    await page.getByRole('button', { name: 'Buat kode pemulihan baru' }).click();
    await page.getByRole('heading', { name: 'Kode pemulihan Anda' }).waitFor();
    assert.equal(await page.locator('.codes li').count(), 10);
  });
  await step('the password alone no longer opens it', async () => {
    const code = await page.locator('.codes code').first().innerText();
    await page.request.post('/keluar', { form: { _kunci: fresh() + fresh() } });
    await page.goto('/masuk');
    await field(page, 'Nomor WhatsApp, email, atau nama pengguna').fill(login);
    await field(page, 'Kata sandi').fill('lima kata yang acak sekali');
    await send(page, 'Masuk');
    assert.match(page.url(), /\/masuk\/kode$/);
    await field(page, 'Kode').fill(code);
    await send(page, 'Masuk');
    assert.match(page.url(), /\/meja$/);
  });
  await step('forgets the password', async () => {
    await page.goto('/akun/keamanan');
    await send(page, 'Masuk tanpa kata sandi');
    await told(page, 'Kata sandi sudah dihapus');
  });
});
