// The main tasks of readers and writers by keyboard alone: skip to the content, search, open a story, filter the
// list, read in another language, log in, write with the toolbar, send. Whatever holds the focus can be seen to hold it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, fresh, password, sideways, steps, told, visitor, words } from '../kit.mjs';
import { enter, focus, held, place, reach, tabTo, unfold } from '../keys.mjs';

after(close);

for (const [size, viewport] of [['phone', { width: 360, height: 800 }], ['desk', { width: 1280, height: 800 }]]) {
  test(`a reader needs no pointer (${size})`, { timeout: 60_000 }, async () => {
    const page = await visitor({ viewport });
    await page.goto('/kabar');
    await page.keyboard.press('Tab');
    assert.equal((await focus(page)).name, 'Langsung ke isi', 'the first stop skips to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)), 'after skipping, Tab goes on in the content');

    await page.goto('/');
    await tabTo(page, 'Cari');
    await enter(page);
    await tabTo(page, 'Cari kabar, KIM, atau wilayah');
    await page.keyboard.type('warga');
    await enter(page);
    const story = await page.locator('main .story h3 a[href^="/kabar/"]').first().innerText();
    await tabTo(page, story.replace(/\s+/g, ' ').trim());
    await enter(page);
    assert.equal(await page.locator('h1').innerText(), story);
    await tabTo(page, 'WhatsApp');
    await tabTo(page, 'Salin tautan');
    await page.keyboard.press('Enter');
    await page.locator('[data-copy]').getByText(/tersalin|disalin|belum bisa/i).waitFor();
    assert.match((await focus(page)).tag, /button/, 'the focus stays on the button');
    await page.context().close();
  });
}

test('a reader filters the list of news', { timeout: 60_000 }, async () => {
  const page = await visitor();
  await page.goto('/kabar');
  await unfold(page, 'Saring kabar');
  await place(page, 'Wilayah', 'Pahandut');
  await tabTo(page, 'Tentang apa');
  await page.keyboard.type('Lingk');
  await held(page, 'Tentang apa');
  assert.equal(await page.locator('#f-kategori').inputValue(), 'lingkungan');
  await tabTo(page, 'Tampilkan');
  await reach(page);
  const asked = new URL(page.url()).searchParams;
  assert.equal(asked.get('kategori'), 'lingkungan');
  assert.match(asked.get('wilayah'), /^62\.71/);
  assert.ok(await page.locator('main .story').count(), await words(page));

  await tabTo(page, /^Lingkungan \(hapus\)/);
  await reach(page);
  assert.equal(new URL(page.url()).searchParams.get('kategori') ?? '', '');
  assert.match(new URL(page.url()).searchParams.get('wilayah'), /^62\.71/, 'the other filter stays');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a reader changes the language', { timeout: 60_000 }, async () => {
  const page = await visitor();
  await page.goto('/tentang');
  await tabTo(page, 'Lainnya');
  await page.keyboard.press('Enter');
  await tabTo(page, 'English');
  assert.ok(await page.evaluate(() => document.querySelector('footer').contains(document.activeElement)), 'the menu leads to the foot');
  await reach(page);
  assert.equal(new URL(page.url()).pathname, '/tentang', 'the same page');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal((await focus(page)).name, 'Skip to content');
  await tabTo(page, 'Indonesia');
  await reach(page);
  assert.equal(await page.locator('html').getAttribute('lang'), 'id');
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('a member writes and sends a story by keyboard alone', { timeout: 120_000 }, async (t) => {
  const step = steps(t);
  const word = fresh();
  const page = await visitor();

  await step('logs in', async () => {
    await page.goto('/');
    await tabTo(page, 'Masuk');
    await enter(page);
    await tabTo(page, 'Nomor WhatsApp, email, atau nama pengguna');
    await page.keyboard.type('anggota');
    await tabTo(page, 'Kata sandi');
    await page.keyboard.type(await password());
    await enter(page);
    assert.equal(new URL(page.url()).pathname, '/meja');
  });

  await step('opens the writing page', async () => {
    await tabTo(page, 'Tulis');
    await enter(page);
    if (!/kim=/.test(page.url()) && await page.locator('#f-title').count() === 0) {
      await tabTo(page, /KIM Riak Seberang/);
      await enter(page);
    }
    await page.locator('.editor-text').waitFor();
  });

  await step('writes with the toolbar', async () => {
    await tabTo(page, 'Judul');
    await page.keyboard.type(`Papan ketik ${word}`);
    await tabTo(page, 'Ringkasan');
    await page.keyboard.type('Seorang anggota menulis kabar tanpa menyentuh layar.');
    await tabTo(page, 'Tebal');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const now = await focus(page);
    assert.equal(now.name, 'Judul bagian');
    assert.ok(now.ring, 'the toolbar shows its focus');
    await tabTo(page, 'Isi kabar');
    await page.keyboard.type('Tanpa layar sentuh');
    await page.keyboard.press('Alt+F10');
    assert.equal((await focus(page)).name, 'Judul bagian', 'Alt+F10 goes back to the toolbar');
    await page.keyboard.press('Enter');
    await page.locator('.editor-text h2').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Anggota ini ');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('selalu');
    await page.keyboard.press('Control+b');
    await page.keyboard.type(` memakai papan ketik. Ia menulis tentang ${word}, tentang sungai, tentang pasar pagi, dan tentang tetangga yang membantu. Tulisannya pendek, jelas, dan berguna bagi warga. Redaktur membacanya besok pagi, lalu menerbitkannya bila sudah lengkap dan benar.`);
    assert.equal(await page.locator('.editor-text h2').innerText(), 'Tanpa layar sentuh');
    assert.equal(await page.locator('.editor-text :is(b, strong)').innerText(), 'selalu');
    // Tab leaves the box: it is no trap.
    await tabTo(page, 'Jenis kabar');
  });

  await step('chooses the kind and saves', async () => {
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'Simpan draf');
    await enter(page);
    await told(page, 'Draf tersimpan.');
  });

  await step('sends it', async () => {
    await tabTo(page, 'Kirim untuk dibaca');
    await enter(page);
    await told(page, 'Terkirim.');
    assert.ok((await page.content()).includes(word), await words(page));
  });

  await step('no page complained', async () => {
    assert.deepEqual(page.faults, []);
    assert.equal(await sideways(page), 0);
    await page.context().close();
  });
});

test('an empty form takes the keyboard to the fault', { timeout: 30_000 }, async () => {
  const page = await visitor();
  await page.goto('/daftar');
  await tabTo(page, 'Daftar');
  await enter(page);
  await tabTo(page, 'Tulis nama Anda.');
  await page.keyboard.press('Enter');
  assert.equal((await focus(page)).name, 'Nama Anda', 'the summary leads to the field');
  await page.context().close();
});
