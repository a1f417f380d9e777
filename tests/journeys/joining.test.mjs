// How a group begins: someone comes in by a link with a passkey alone, waits to be let in, registers a KIM,
// has it sent back once, mends it and sees it verified.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { accept, ask, authenticator, button, close, field, fresh, photograph, send, sideways, soon, steps, told, visitor, words } from '../kit.mjs';

after(close);

test('an invited person registers a KIM that is verified at the second try', { timeout: 180_000 }, async (t) => {
  const step = steps(t);
  const word = fresh();
  const person = `Pendiri ${word}`;
  const name = `KIM Lanting ${word}`;
  const reason = `Nama sekretaris belum ada ${word}.`;
  const officer = await visitor({ as: 'pengurus' });
  const guest = await visitor();
  const verifier = await visitor({ as: 'pemeriksa' });
  const invitations = '/meja/kim/riak-seberang/undangan';
  let link, slug, desk;
  const submitted = async () => (await ask('/bina/verifikasi', { as: 'pemeriksa' })).text.includes(name);

  await step('an officer makes a link for many', async () => {
    await officer.goto(invitations);
    await officer.getByRole('radio', { name: /^Pengurus KIM/ }).check();
    await officer.getByRole('radio', { name: /^Banyak orang/ }).check();
    await field(officer, 'Catatan').fill(`Poster ${word}`);
    await send(officer, 'Buat undangan', 200);
    link = new URL(await officer.locator('#tautan').innerText()).pathname;
  });

  await step('the invited person registers with a passkey alone', async () => {
    await authenticator(guest);
    await guest.goto(link);
    assert.equal(new URL(guest.url()).pathname, '/gabung', 'the secret does not stay in the address');
    const said = await words(guest);
    for (const part of ['KIM Riak Seberang', 'Pengurus (demo) mengundang Anda', 'Pengurus KIM']) assert.ok(said.includes(part), `${part} is not in: ${said}`);
    await guest.getByRole('link', { name: 'Daftar dan bergabung' }).click();
    await field(guest, 'Nama Anda').fill(person);
    await field(guest, 'Nomor WhatsApp, email, atau nama pengguna').fill(`pendiri-${word}`);
    await guest.getByRole('checkbox', { name: /Nama saya boleh tampil/ }).check();
    await button(guest, 'Daftar dengan kunci sandi').click();
    await guest.waitForURL('**/gabung');
    assert.ok((await words(guest)).includes(`Anda masuk sebagai ${person}`));
  });

  await step('until they are let in, other pages lead back', async () => {
    const led = async (path) => {
      await guest.goto(path);
      return new URL(guest.url()).pathname;
    };
    for (const path of ['/meja', '/kim/baru', '/akun/keamanan']) assert.equal(await led(path), '/gabung', path);
    await accept(guest);
    await told(guest, 'Permintaan Anda sudah sampai ke pengurus KIM Riak Seberang.');
    assert.match(await words(guest), /Menunggu pengurus/);
    for (const path of ['/meja', '/kim/baru', '/meja/kim/riak-seberang']) assert.equal(await led(path), '/gabung', path);
    assert.equal(await led('/kabar'), '/kabar', 'what is public stays open');
  });

  await step('the officer lets them in', async () => {
    await officer.goto('/meja');
    assert.match(await words(officer), /ingin bergabung/);
    await officer.goto(invitations);
    await send(officer, new RegExp(`^Terima ?: ${person}$`));
    await told(officer, 'Orang itu sudah diterima');
    await guest.goto('/meja');
    assert.equal(new URL(guest.url()).pathname, '/meja');
    const notice = await soon(async () => (await guest.reload(), (await guest.locator('main').innerText()).includes('Anda kini bergabung dengan KIM Riak Seberang')));
    assert.ok(notice, await words(guest));
  });

  await step('the newcomer registers a group', async () => {
    await guest.goto('/kim/baru');
    await field(guest, 'Nama KIM').fill(name);
    await guest.getByRole('radio', { name: 'Ketua', exact: true }).check();
    await field(guest, 'Tahun lahir').fill('1988');
    const ward = guest.getByRole('combobox', { name: 'Wilayah' });
    await ward.pressSequentially('Bereng Beng', { delay: 30 });
    await guest.getByRole('option', { name: /Bereng Bengkel.*Palangka ?Raya/ }).first().click();
    await send(guest, 'Mulai mendaftar');
    slug = new URL(guest.url()).pathname.split('/').pop();
    desk = `/meja/kim/${slug}`;
    assert.equal(await status(guest, desk), 'Draf');
  });

  await step('fills members, profile and decree, and submits', async () => {
    await member(guest, desk, `Sekretaris ${word}`, 'Sekretaris');
    await member(guest, desk, `Warga ${word}`, 'Anggota');
    await guest.goto(`${desk}/profil`);
    await field(guest, 'Tentang kami').fill(`Kami warga ${word} yang mencatat kabar lanting.`);
    await guest.getByRole('checkbox', { name: 'Usaha warga' }).check();
    await field(guest, 'Nomor HP kelompok').fill('0812 3456 7891');
    await send(guest, 'Simpan');
    await told(guest, 'Profil sudah kami simpan.');
    await guest.goto(`${desk}/sk`);
    await field(guest, 'Nomor SK').fill(`188.45/${word}/2026`);
    await field(guest, 'Tanggal SK').fill('2026-02-09');
    await field(guest, 'Ditandatangani oleh').fill('Lurah contoh');
    await field(guest, 'Foto atau PDF SK').setInputFiles(await photograph(`SK ${word}`, 600, 850));
    await send(guest, 'Simpan SK');
    await told(guest, 'SK sudah kami catat.');
    await guest.goto(`${desk}/ajukan`);
    await send(guest, 'Ajukan sekarang');
    await told(guest, 'KIM sudah diajukan.');
    assert.equal(await status(guest, desk), 'Menunggu diperiksa');
    assert.equal((await ask(`/kim/${slug}`)).status, 404, 'not public yet');
  });

  await step('the verifier asks it back, but not without a reason', async () => {
    assert.ok(await submitted(), 'it waits in the queue');
    await verifier.goto(`/bina/kim/${slug}`);
    await verifier.getByText('Kembalikan untuk dilengkapi').click();
    await send(verifier, 'Kembalikan', 422);
    assert.match(await words(verifier), /Tulis alasannya/);
    await verifier.getByRole('group').filter({ hasText: 'Kembalikan untuk dilengkapi' }).getByLabel('Alasan').fill(reason);
    await send(verifier, 'Kembalikan');
    await told(verifier, `${name} kami kembalikan.`);
    assert.ok(!(await submitted()), 'it has left the queue');
  });

  await step('the newcomer sees the reason, mends and submits again', async () => {
    assert.equal(await status(guest, desk), 'Draf');
    assert.ok((await words(guest)).includes(`Catatan pembina ${reason}`), await words(guest));
    await member(guest, desk, `Bendahara ${word}`, 'Bendahara');
    await guest.goto(`${desk}/ajukan`);
    assert.ok((await guest.locator('main').innerText()).includes(`Bendahara ${word}`));
    await send(guest, 'Ajukan sekarang');
    assert.equal(await status(guest, desk), 'Menunggu diperiksa');
    assert.ok(!(await guest.locator('main .notice').allInnerTexts()).join().includes(reason), 'the note is done with');
  });

  await step('the verifier verifies it with a number', async () => {
    await verifier.goto('/bina');
    await verifier.getByRole('link', { name: new RegExp(`^Periksa berkas.*${name}$`) }).click();
    await field(verifier, 'Nomor KIM').fill(`L-${word}`);
    const anyway = verifier.getByRole('checkbox', { name: /Tetap verifikasi/ });
    if (await anyway.count()) await anyway.check();
    await send(verifier, 'Verifikasi');
    await told(verifier, `${name} sudah terverifikasi.`);
    assert.equal(await status(guest, desk), 'Terverifikasi');
    assert.ok((await words(guest)).includes(`L-${word}`));
  });

  await step('anyone reads the public page', async () => {
    const reader = await visitor();
    await reader.goto(`/kim/${slug}`);
    await reader.getByRole('heading', { level: 1, name }).waitFor();
    const said = await reader.locator('main').innerText();
    for (const part of ['Terverifikasi', `L-${word}`, 'Bereng Bengkel', `188.45/${word}/2026`, `Kami warga ${word}`]) assert.ok(said.includes(part), `${part} is not in: ${said}`);
    assert.ok(!said.includes('0812'), 'nobody allowed the phone number to be shown');
    const answer = JSON.parse((await ask(`/api/v1/kim/${slug}`)).text);
    assert.deepEqual([answer.status, answer.number], ['verified', `L-${word}`]);
    assert.deepEqual(reader.faults, []);
    assert.equal(await sideways(reader), 0);
    await reader.context().close();
  });

  await step('the demo group is left as it was', async () => {
    await officer.goto('/meja/kim/riak-seberang/anggota');
    await officer.getByRole('link', { name: new RegExp(`Ubah.*${person}`) }).click();
    await send(officer, 'Catat keluar');
    await told(officer, 'Kami mencatat anggota itu keluar.');
    assert.match(String((await guest.goto('/meja/kim/riak-seberang')).status()), /403|404/, 'who has left is outside');
    await officer.goto(invitations);
    await officer.getByRole('listitem').filter({ hasText: `Poster ${word}` }).getByRole('button', { name: 'Cabut' }).click();
    await told(officer, 'Undangan sudah dicabut');
  });

  await step('no page complained, none scrolls sideways', async () => {
    for (const page of [officer, guest, verifier]) {
      assert.deepEqual(page.faults.filter((fault) => !/status of (403|404|422)/.test(fault)), []);
      assert.equal(await sideways(page), 0, page.url());
      await page.context().close();
    }
  });
});

/** Adds a name to the roster. */
async function member(page, desk, name, office) {
  await page.goto(`${desk}/anggota/baru`);
  await field(page, 'Nama lengkap').fill(name);
  await page.getByRole('radio', { name: office, exact: true }).check();
  await field(page, 'Tahun lahir').fill('1996');
  await send(page, 'Simpan');
  await told(page, 'Anggota sudah kami tambahkan.');
}

/** Where the KIM stands, as its officers read it. */
async function status(page, desk) {
  await page.goto(desk);
  return page.locator('.page-head .badge').first().innerText();
}
