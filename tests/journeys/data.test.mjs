// A resident takes a copy of everything that is kept of them, asks to be forgotten, and is: the account is
// gone, and no page, answer or search names them any more. What they published stays, without the name.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { accept, ask, browser, button, close, field, fresh, register, send, sideways, soon, steps, told, visitor, words } from '../kit.mjs';

after(close);

test('a resident takes a copy and is forgotten', { timeout: 150_000 }, async (t) => {
  const step = steps(t);
  const word = fresh(), mark = fresh();
  const name = `Saksi ${word}`;
  const login = `saksi-${word}`;
  const title = `Warga ${mark} menata dermaga bersama`;
  const kim = 'tambun-langkai';
  const resident = await visitor();
  const editor = await visitor({ as: 'tetangga' });
  const keeper = await visitor({ as: 'pengelola' });
  let story, published, account, request;

  await step('a resident registers and joins a KIM', async () => {
    await register(resident, name, login);
    await editor.goto(`/meja/kim/${kim}/undangan`);
    await editor.getByRole('radio', { name: /^Anggota KIM/ }).check();
    await send(editor, 'Buat undangan', 200);
    await resident.goto(new URL(await editor.locator('#tautan').innerText()).pathname);
    await accept(resident);
    await told(resident, 'Selamat datang di KIM Tambun Langkai.');
  });

  await step('publishes a story under their name', async () => {
    await resident.goto(`/meja/tulis?kim=${kim}`);
    await field(resident, 'Judul').fill(title);
    await field(resident, 'Ringkasan').fill('Dua puluh warga menata dermaga kayu selama dua hari.');
    await resident.getByRole('textbox', { name: 'Isi kabar' }).fill(`Dua puluh warga ${mark} menata dermaga kayu di tepi sungai pada Sabtu dan Minggu. Mereka mengganti papan lapuk, memasang pegangan, dan mengecat tandanya supaya terlihat pada malam hari. Bulan depan mereka memasang lampu di ujung dermaga, supaya anak sekolah aman menyeberang.`);
    await field(resident, 'Jenis kabar').selectOption({ label: 'Lingkungan' });
    await send(resident, 'Kirim untuk dibaca');
    story = (await linkTo(editor, '/meja', new RegExp(`^/meja/tulisan/\\d+/periksa`), title)).replace('/periksa', '');
    await editor.goto(`${story}/periksa`);
    await send(editor, 'Terbitkan');
    published = await soon(async () => new RegExp(`href="(/kabar/[^"]*${mark}[^"]*)"`).exec((await ask(`/cari?q=${mark}`)).text)?.[1]);
    assert.ok(published, 'not found');
    assert.ok((await ask(published)).text.includes(name), 'the byline');
    assert.ok((await ask(`/meja/kim/${kim}/anggota`, { as: 'tetangga' })).text.includes(name), 'the roster');
  });

  await step('takes a copy to read and one for programs', async () => {
    await resident.goto('/akun/data');
    assert.match(await words(resident), /Belum ada yang membuka data Anda/);
    await resident.getByRole('link', { name: 'Ambil salinan' }).click();
    const html = await copy(resident, /^Untuk dibaca/, /\.html$/);
    const json = JSON.parse(await copy(resident, /^Untuk dipindahkan/, /\.json$/));
    account = json.akun;
    const { akun, tulisan, keanggotaan, persetujuan, sesi } = json.isi;
    assert.deepEqual([akun[0].nama, akun[0].nama_pengguna], [name, login]);
    assert.ok(JSON.stringify(tulisan).includes(title) && JSON.stringify(keanggotaan).includes('KIM Tambun Langkai'), JSON.stringify(json));
    assert.ok(persetujuan.length > 0 && sesi.length === 1);
    for (const text of [html, JSON.stringify(json)]) assert.doesNotMatch(text, /argon2|kahayan/, 'no secret is in it');

    const page = await (await browser()).newPage();
    await page.setContent(html);
    await page.getByRole('heading', { level: 1, name: 'Salinan data pribadi' }).waitFor();
    const said = await page.locator('body').innerText();
    for (const part of [name, login, title, 'KIM Tambun Langkai']) assert.ok(said.includes(part), `${part} is not in: ${said}`);
    await page.close();
  });

  await step('asks for deletion', async () => {
    await resident.goto('/akun/data/permohonan');
    await resident.getByRole('radio', { name: /^Hapus akun dan data saya/ }).check();
    await field(resident, 'Penjelasan Anda').fill(`Saya ${name} pindah kota.`);
    await send(resident, 'Kirim permohonan');
    await told(resident, 'Permohonan sudah kami terima.');
    assert.match(await resident.locator('main').innerText(), /Sisa 7[12] jam/);
    await resident.getByRole('radio', { name: /^Hapus akun dan data saya/ }).check();
    await send(resident, 'Kirim permohonan', 422);
    assert.match(await words(resident), /masih menunggu jawaban/);
    assert.equal((await ask('/kelola/permohonan', { as: 'tetangga' })).status, 403);
  });

  await step('the operator grants it, with a reason', async () => {
    await keeper.goto('/meja');
    assert.match(await keeper.locator('main').innerText(), /permohonan data menunggu jawaban/);
    request = await open(keeper, `Saya ${name} pindah kota.`);
    assert.ok((await words(keeper)).includes(name));
    await send(keeper, 'Kirim jawaban', 422);
    assert.match(await words(keeper), /Pilih kabulkan atau tolak/);
    await keeper.getByRole('radio', { name: /^Kabulkan/ }).check();
    await field(keeper, 'Alasan atau penjelasan').fill('Sudah kami hapus.');
    await send(keeper, 'Kirim jawaban');
    await told(keeper, 'Jawaban sudah dikirim dan dicatat.');
  });

  await step('the account is gone', async () => {
    await resident.goto('/akun');
    assert.equal(new URL(resident.url()).pathname, '/masuk', 'the session has ended');
    await field(resident, 'Nomor WhatsApp, email, atau nama pengguna').fill(login);
    await field(resident, 'Kata sandi').fill('rakit hanyut di kahayan');
    await send(resident, 'Masuk', 422);
    assert.match(await words(resident), /belum cocok/);
  });

  await step('nothing names them any more, and the story stays', async () => {
    const slug = published.split('/').pop();
    const places = [
      [published], [`/api/v1/articles/${slug}`], [`/api/v1/articles?kim=${kim}`], [`/cari?q=${word}`], [`/api/v1/search?q=${word}`],
      [`/kim/${kim}`], [`/kim/${kim}/riwayat`], [`/api/v1/kim/${kim}`], [`/kim/${kim}/feed.atom`], ['/feed.json'], [`/kabar?kim=${kim}`],
      [`/meja/kim/${kim}/anggota`, 'tetangga'], [`/meja/kim/${kim}/jabatan`, 'tetangga'], [`/meja/kim/${kim}/undangan`, 'tetangga'],
      [`${story}/periksa`, 'tetangga'], [`${story}/riwayat`, 'tetangga'], ['/meja', 'tetangga'], [`/meja/tulisan?kim=${kim}`, 'tetangga'],
      [`/meja/kim/${kim}/anggota/ekspor/anggota.csv`, 'tetangga'],
      [`/kelola?q=${word}`, 'pengelola'], [`/kelola/akun/${account}`, 'pengelola'], ['/kelola/audit', 'pengelola'], [request, 'pengelola'],
      ['/meja', 'pengelola'], [`/bina/kim/${kim}`, 'pembina'],
    ];
    const named = (text) => [name, login].filter((part) => text.includes(part));
    for (const [path, as] of places) {
      const clean = await soon(async () => {
        const { status, text } = await ask(path, { as });
        return status === 200 && named(text).length === 0;
      });
      assert.ok(clean, `${path} as ${as}: ${JSON.stringify(await ask(path, { as })).slice(0, 300)}`);
    }
    const { text } = await ask(published);
    assert.ok(text.includes(title), 'the story itself stays');
    assert.ok(!(await ask(`/cari?q=${encodeURIComponent(name)}`)).text.includes(`href="${published}`), 'the name does not find it');
  });

  await step('the operator finds no such person with the command', async (step) => {
    if (process.env.SIMPUL_ENGINE !== 'sqlite') return step.skip('the address of the other database is not told');
    const data = join(dirname(process.env.SIMPUL_ACCOUNTS), 'data');
    const simpul = (...args) => promisify(execFile)(process.env.SIMPUL_BINARY, args, { env: { ...process.env, SIMPUL_DATA: data, SIMPUL_BASE_URL: process.env.SIMPUL_URL } });
    await assert.rejects(simpul('privacy', 'export', login), /no account named/);
    await assert.rejects(simpul('privacy', 'export', `#${account}`), /no account named/);
  });

  await step('the demo group is left as it was', async () => {
    await editor.goto(`${story}/periksa`);
    await editor.getByText('Tarik kabar ini').click();
    await field(editor, 'Mengapa kabar ini ditarik?').fill('Uji coba selesai.');
    await send(editor, 'Tarik kabar');
  });

  await step('no page complained, none scrolls sideways', async () => {
    for (const page of [resident, editor, keeper]) {
      assert.deepEqual(page.faults.filter((fault) => !/status of 422/.test(fault)), []);
      assert.equal(await sideways(page), 0, page.url());
      await page.context().close();
    }
  });
});

/** Downloads the copy in one form; its text. The page stays, and its button rests for twelve seconds after a download. */
async function copy(page, form, file) {
  await page.getByRole('radio', { name: form }).check();
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 20_000 }), button(page, 'Unduh salinan').click({ timeout: 20_000 })]);
  assert.match(download.suggestedFilename(), file);
  return readFile(await download.path(), 'utf8');
}

/** Opens the request that says this; its path. */
async function open(page, said) {
  await page.goto('/kelola/permohonan');
  const paths = await page.getByRole('link', { name: 'Buka', exact: true }).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  for (const path of paths.reverse()) {
    await page.goto(path);
    if ((await page.locator('main').innerText()).includes(said)) return path;
  }
  assert.fail(`no request says "${said}"`);
}

/** The first link of a page that matches and stands with this text. */
async function linkTo(page, path, pattern, text) {
  await page.goto(path);
  const links = await page.getByRole('main').getByRole('link').evaluateAll((all) => all.map((link) => [link.getAttribute('href'), link.closest('li, article, section, tr')?.innerText ?? '']));
  const found = links.find(([href, around]) => pattern.test(href) && around.includes(text));
  assert.ok(found, `${path} has no such link beside "${text}"`);
  return found[0];
}
