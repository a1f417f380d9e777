// The work of those who keep, read and watch over a KIM, by keyboard alone: registering a group, verifying it, reading
// and publishing a story, inviting a member. Whatever holds the focus can be seen to hold it, and nothing loses it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ask, close, fresh, newcomer, sideways, steps, told, visitor, words } from '../kit.mjs';
import { enter, focus, held, place, reach, tabTo, tick, unfold, write } from '../keys.mjs';
import { handedIn, home } from '../scenes.mjs';

after(close);

/** No page complained, none scrolls sideways. */
async function clean(page) {
  assert.deepEqual(page.faults, []);
  assert.equal(await sideways(page), 0, page.url());
  await page.context().close();
}

test('a group is registered and verified', { timeout: 120_000 }, async (t) => {
  const step = steps(t);
  const word = fresh();
  const name = `KIM Kayuh ${word}`;
  const founder = await visitor({ cookies: await newcomer(`Pendiri ${word}`, `kayuh-${word}`) });
  const verifier = await visitor({ as: 'pemeriksa' });
  let slug;

  await step('someone begins to register a group', async () => {
    await founder.goto('/meja');
    await tabTo(founder, 'Mulai KIM baru');
    await reach(founder);
    await write(founder, 'Nama KIM', name);
    await place(founder, 'Wilayah', 'Bereng Beng');
    // The offices are one stop; the arrows go from one to the next.
    await tick(founder, 'Ketua');
    await founder.keyboard.press('ArrowDown');
    assert.notEqual((await focus(founder)).name, 'Ketua');
    await founder.keyboard.press('ArrowUp');
    await held(founder, 'Ketua');
    await write(founder, 'Tahun lahir', '1990');
    await tabTo(founder, 'Mulai mendaftar');
    await reach(founder);
    slug = new URL(founder.url()).pathname.split('/').pop();
    assert.equal(new URL(founder.url()).pathname, `/meja/kim/${slug}`, await words(founder));
  });

  await step('fills what is asked for', async () => {
    await tabTo(founder, 'Profil KIM');
    await reach(founder);
    await write(founder, 'Tentang kami', `Kami warga ${word} yang mencatat kabar dari tepi sungai.`);
    await tick(founder, 'Lingkungan');
    await write(founder, 'Nomor HP kelompok', '0812 3456 7893');
    await tabTo(founder, 'Simpan');
    await reach(founder);
    await told(founder, 'Profil sudah kami simpan.');
    await founder.goto(`/meja/kim/${slug}`);
    await tabTo(founder, 'Anggota dan pengurus');
    await reach(founder);
    for (const office of ['Sekretaris', 'Anggota']) {
      await tabTo(founder, 'Tambah anggota');
      await reach(founder);
      await write(founder, 'Nama lengkap', `${office} ${word}`);
      // What is chosen already is the stop; the arrows choose another.
      await tabTo(founder, 'Anggota');
      for (let presses = 0; (await focus(founder)).name !== office; presses++) {
        assert.ok(presses < 8, `the arrows do not come to ${office}`);
        await founder.keyboard.press('ArrowUp');
      }
      await held(founder, office);
      await write(founder, 'Tahun lahir', '1995');
      await tabTo(founder, 'Simpan');
      await reach(founder);
      await told(founder, 'Anggota sudah kami tambahkan.');
    }
  });

  await step('and submits it', async () => {
    await founder.goto(`/meja/kim/${slug}`);
    await tabTo(founder, 'Ajukan ke pembina');
    await reach(founder);
    await tabTo(founder, 'Ajukan sekarang');
    await reach(founder);
    await told(founder, 'KIM sudah diajukan.');
    await clean(founder);
  });

  await step('the verifier opens it and looks at what could be answered', async () => {
    await verifier.goto('/bina');
    await tabTo(verifier, new RegExp(`^Periksa berkas.*${name}$`));
    await reach(verifier);
    await unfold(verifier, 'Kembalikan untuk dilengkapi');
    await tabTo(verifier, 'Alasan');
    await tabTo(verifier, 'Kembalikan untuk dilengkapi', 'Shift+Tab');
    await verifier.keyboard.press('Space');
    await held(verifier, 'Kembalikan untuk dilengkapi');
    assert.equal(await verifier.evaluate(() => document.activeElement.closest('details').open), false, 'it closes again');
  });

  await step('and verifies it', async () => {
    await tabTo(verifier, 'Nomor KIM', 'Shift+Tab');
    await verifier.keyboard.type(`K-${word}`);
    await tick(verifier, /^Tetap verifikasi/);
    await tabTo(verifier, 'Verifikasi');
    await reach(verifier);
    await told(verifier, `${name} sudah terverifikasi.`);
    const answer = JSON.parse((await ask(`/api/v1/kim/${slug}`)).text);
    assert.deepEqual([answer.status, answer.number], ['verified', `K-${word}`]);
    await clean(verifier);
  });
});

test('a story is read, remarked on, published and taken back', { timeout: 120_000 }, async (t) => {
  const step = steps(t);
  const title = `Warga menata dermaga ${fresh()}`;
  const story = await handedIn(title);
  const page = await visitor({ as: 'penyunting' });

  await step('the editor finds it on the desk', async () => {
    await page.goto('/meja');
    await page.locator('main').getByRole('link', { name: title }).waitFor();
    await tabTo(page, `Tulisan “${title}” menunggu Anda baca.`);
    await reach(page);
    assert.equal(new URL(page.url()).pathname, `${story}/periksa`);
    assert.ok((await words(page)).includes(title));
  });

  await step('leaves a remark', async () => {
    await write(page, 'Tulis catatan', 'Bagus, singkat dan jelas.');
    await tabTo(page, 'Kirim catatan');
    await enter(page);
    assert.match(await page.locator('main').innerText(), /Bagus, singkat dan jelas\./);
  });

  await step('publishes it', async () => {
    await page.goto(`${story}/periksa`);
    await tabTo(page, 'Terbitkan');
    await reach(page);
    await told(page, 'terbit');
  });

  await step('is told that taking it back needs a reason', async () => {
    await page.goto(`${story}/periksa`);
    await unfold(page, 'Tarik kabar ini');
    await tabTo(page, 'Tarik kabar');
    await reach(page);
    await tabTo(page, 'Tulis alasan menarik kabar ini.');
    await page.keyboard.press('Enter');
    await held(page, 'Mengapa kabar ini ditarik?');
  });

  await step('and takes it back', async () => {
    await page.keyboard.type('Uji coba selesai.');
    await tabTo(page, 'Tarik kabar');
    await reach(page);
    await told(page, 'Kabar ini ditarik.');
    page.faults = page.faults.filter((fault) => !/status of 422/.test(fault));
    await clean(page);
  });
});

test('an officer invites a member', { timeout: 60_000 }, async (t) => {
  const step = steps(t);
  const page = await visitor({ as: 'pengurus' });

  await step('makes a link', async () => {
    await page.goto(`/meja/kim/${home}/anggota`);
    await tabTo(page, 'Undang orang');
    await reach(page);
    await tick(page, /^Anggota KIM/);
    await tabTo(page, /^Satu orang/);
    await page.keyboard.press('ArrowDown');
    await held(page, /^Banyak orang/);
    await page.keyboard.press('ArrowUp');
    await held(page, /^Satu orang/);
    await write(page, 'Catatan', `Tetangga ${fresh()}`);
    await tabTo(page, 'Buat undangan');
    await reach(page);
  });

  await step('copies it', async () => {
    await tabTo(page, 'Kirim lewat WhatsApp');
    await tabTo(page, 'Salin tautan');
    await page.keyboard.press('Enter');
    await page.locator('[data-copy]').getByText(/tersalin|disalin|belum bisa/i).waitFor();
    await held(page, /tersalin|disalin|belum bisa/i);
  });

  await step('and revokes it', async () => {
    await tabTo(page, 'Kembali ke daftar undangan', 'Shift+Tab');
    await reach(page);
    await tabTo(page, /^Cabut/);
    await reach(page);
    await told(page, 'Undangan sudah dicabut');
    await clean(page);
  });
});
