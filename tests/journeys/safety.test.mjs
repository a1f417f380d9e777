// What strangers and neighbours must not manage: run script through anything they write, act in the desks
// of others, read a session cookie, or send a form from another site.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { accept, ask, base, button, close, field, fresh, linkOn, password, photograph, register, send, sideways, steps, visitor } from '../kit.mjs';

after(close);

test('every page allows only its own scripts', { timeout: 30_000 }, async () => {
  const nonces = new Set();
  for (const [path, as] of [['/', 'warga'], ['/kabar'], ['/cari?q=warga'], ['/masuk'], ['/meja', 'anggota'], ['/bina', 'pemeriksa'], ['/tidak-ada']]) {
    const { headers, text } = await ask(path, { as });
    const policy = headers.get('content-security-policy');
    const nonce = /script-src 'nonce-([0-9a-f]{16,})'/.exec(policy)?.[1];
    assert.ok(nonce, `${path}: ${policy}`);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/, path);
    for (const need of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]) assert.ok(policy.includes(need), `${path}: ${need}`);
    assert.doesNotMatch(text, /<[^>]+\s(on\w+|style)\s*=/i, `${path} has an inline handler or style`);
    for (const [script] of text.matchAll(/<script[^>]*>/g)) assert.ok(script.includes(`nonce="${nonce}"`), `${path}: ${script}`);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 7, 'a nonce is used once');
});

test('the session cookie is out of reach', { timeout: 30_000 }, async () => {
  const page = await visitor();
  await page.goto('/masuk');
  await field(page, 'Nomor WhatsApp, email, atau nama pengguna').fill('warga');
  await field(page, 'Kata sandi').fill(await password());
  await send(page, 'Masuk');
  const cookie = (await page.context().cookies()).find(({ name }) => name === '__Host-simpul');
  assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite, cookie.path], [true, true, 'Lax', '/']);
  assert.doesNotMatch(await page.evaluate(() => document.cookie), /simpul/);
  assert.equal((await ask('/akun', { cookie: cookie.value })).status, 200);
  await send(page, 'Keluar');
  assert.equal((await ask('/akun', { cookie: cookie.value })).status, 303, 'logging out ends the session on the server');
  await page.context().close();
});

test('a form of another site changes nothing', { timeout: 30_000 }, async () => {
  const page = await visitor({ as: 'warga' });
  await page.goto('/akun');
  const before = await field(page, 'Nama Anda').inputValue();
  const evil = `<form method="post" action="${base}/akun"><input name="_kunci" value="${fresh().repeat(4)}"><input name="nama" value="Dicuri"><button>Menang</button></form>`;
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(evil)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await button(page, 'Menang').click();
  await page.waitForURL(`${base}/**`);
  server.close();
  await page.goto('/akun');
  assert.equal(await field(page, 'Nama Anda').inputValue(), before);
  await page.context().close();
});

test('nobody opens or changes the desk of another group', { timeout: 60_000 }, async () => {
  const own = /^\/meja\/tulisan\/\d+$/;
  const group = '/meja/kim/riak-seberang';
  const story = (await linkOn('/meja/tulisan?kim=riak-seberang', 'penyunting', own)).split('?')[0];
  const member = await linkOn(`${group}/anggota`, 'pengurus', /\/anggota\/\d+$/);
  const account = await linkOn('/kelola?q=warga', 'pengelola', /^\/kelola\/akun\/\d+$/);
  const text = { title: 'Dicuri', lead: 'Dicuri', body: '<p>Dicuri</p>', category: 'kabar', lang: 'id', kim: 'riak-seberang', version: '1' };
  const doors = [
    [['warga', 'tetangga', 'dinas'], [group, `${group}/profil`, `${group}/anggota`, `${group}/anggota/baru`, member, `${group}/sk`, `${group}/ajukan`]],
    [['warga', 'tetangga'], [story, `${story}/pratinjau`, `${story}/riwayat`, `${story}/periksa`]],
    [['anggota'], [`${group}/profil`, `${group}/anggota/baru`, member, `${group}/sk`]],
    [['warga', 'anggota', 'pengurus', 'penyunting', 'tetangga'], ['/bina', '/bina/kim/riak-seberang', '/kelola', account]],
    [['pemeriksa', 'pembina', 'dinas'], ['/kelola', account]],
  ];
  const acts = [
    [['warga', 'tetangga'], story, text],
    [['warga', 'tetangga'], `${story}/simpan-otomatis`, text],
    [['warga', 'tetangga'], `${story}/kirim`, text],
    [['warga', 'tetangga', 'anggota', 'pengurus'], `${story}/terbitkan`, { version: '1' }],
    [['warga', 'tetangga', 'anggota', 'pengurus'], `${story}/minta-perbaikan`, { version: '1', alasan: 'x' }],
    [['warga', 'tetangga'], `${story}/hapus`, {}],
    [['warga', 'tetangga'], `${story}/komentar`, { alasan: 'x' }],
    [['warga', 'tetangga'], '/meja/tulis', { ...text, act: 'draf' }],
    [['warga', 'tetangga', 'anggota'], `${group}/anggota/baru`, { nama: 'Dicuri', jabatan: 'member', mulai: '2026-01-01' }],
    [['warga', 'tetangga', 'anggota'], `${member}/keluar`, { keluar: '2026-01-01' }],
    [['warga', 'anggota', 'pengurus', 'penyunting', 'tetangga', 'dinas'], '/bina/kim/riak-seberang/bubarkan', { alasan: 'x' }],
    [['warga', 'penyunting', 'pembina'], `${account}/hak`, { peran: 'operator' }],
    [['warga', 'penyunting', 'pembina'], `${account}/kunci`, {}],
  ];
  const open = [];
  const refused = ({ status }) => status === 403 || status === 404;
  for (const [people, paths] of doors) for (const as of people) for (const path of paths) {
    const answer = await ask(path, { as });
    if (!refused(answer)) open.push(`${as} GET ${path}: ${answer.status}`);
  }
  for (const [people, path, fields] of acts) for (const as of people) {
    const answer = await ask(path, { as, fields });
    if (!refused(answer)) open.push(`${as} POST ${path}: ${answer.status}`);
  }
  // A stranger is asked to log in.
  for (const path of [group, story, '/bina', '/kelola', '/akun', '/meja']) {
    const answer = await ask(path);
    if (answer.status !== 303 || !answer.headers.get('location').startsWith('/masuk')) open.push(`a stranger GET ${path}: ${answer.status}`);
  }
  assert.deepEqual(open, []);
});

/** In the page: whether a feed is well formed, its HTML parts, and the titles in it. */
function readFeed(xml) {
  const feed = new DOMParser().parseFromString(xml, 'application/xml');
  const texts = (selector) => Array.from(feed.querySelectorAll(selector), (part) => part.textContent);
  return { fault: texts('parsererror').join(), html: texts('[type="html"]'), texts: texts('entry title') };
}

/** In the page: what would act if these parts were shown as HTML. */
function harmIn(parts) {
  const acts = 'script, iframe, svg, math, style, [onerror], [onclick], [onload], a[href^="javascript:"], img[src="x"]';
  const read = (html) => new DOMParser().parseFromString(html, 'text/html').querySelectorAll(acts);
  return parts.flatMap((html) => Array.from(read(html), (one) => one.outerHTML));
}

test('nothing that people write runs', { timeout: 180_000 }, async (t) => {
  const step = steps(t);
  const word = fresh();
  const evil = (mark) => `${mark}"><img src=x onerror=harm=1><script>harm=1</script>`;
  const group = evil(`KIM ${word}`);
  const page = await visitor({ script: false });
  let slug, story, published;

  /** Opens a page with JavaScript and looks for what should not be there. */
  const visits = [];
  const look = async (path, as) => {
    const eye = await visitor({ as, viewport: { width: 320, height: 800 } });
    const answer = await eye.goto(path);
    await eye.waitForTimeout(150);
    const harm = await eye.evaluate(() => ({
      ran: window.harm === 1,
      handlers: document.querySelectorAll('[onerror], [onclick], [onload], img[src="x"], a[href^="javascript:"], iframe').length,
      scripts: Array.from(document.scripts, (one) => one.textContent).filter((text) => text.includes('harm=1') && !text.trimStart().startsWith('{')).length,
    }));
    const shown = (await eye.content()).includes(word);
    visits.push({ path, as, status: answer.status(), shown, over: await sideways(eye), ...harm, faults: eye.faults });
    await eye.context().close();
  };

  await step('someone registers with a wicked name, and a group with another', async () => {
    await register(page, evil(word), `jahat-${word}`);
    await page.goto('/kim/baru');
    await field(page, 'Nama KIM').fill(group);
    await page.getByRole('searchbox', { name: 'Wilayah' }).fill('62.71.01.1002');
    await page.getByText('Ketua', { exact: true }).click();
    await field(page, 'Tahun lahir').fill('1990');
    await send(page, 'Mulai mendaftar');
    slug = new URL(page.url()).pathname.split('/').pop();
    await page.goto(`/meja/kim/${slug}/profil`);
    await field(page, 'Tentang kami').fill(evil('Tentang '));
    await field(page, 'Nomor HP kelompok').fill('0812 3456 7891');
    await field(page, 'Alamat sekretariat').fill(evil('Jalan '));
    await page.getByRole('checkbox', { name: /Tampilkan alamat/ }).check();
    await send(page, 'Simpan');
    for (const [name, office] of [[evil('Anggota '), 'Sekretaris'], [evil('Satu '), 'Anggota']]) {
      await page.goto(`/meja/kim/${slug}/anggota/baru`);
      await field(page, 'Nama lengkap').fill(name);
      await page.getByRole('radio', { name: office, exact: true }).check();
      await field(page, 'Bidang atau seksi').fill('B"><img src=x onerror=harm=1>');
      await field(page, 'Tahun lahir').fill('1990');
      await page.getByRole('checkbox', { name: /Tampilkan namanya/ }).check();
      await send(page, 'Simpan');
    }
    await page.goto(`/meja/kim/${slug}/undangan`);
    await page.getByRole('radio', { name: /^Penyunting KIM/ }).check();
    await field(page, 'Catatan').fill(evil('Catatan '));
    await send(page, 'Buat undangan', 200);
    const invited = await visitor({ as: 'penyunting' });
    await invited.goto(new URL(await page.locator('#tautan').innerText()).pathname);
    await accept(invited);
    await invited.context().close();
    await page.goto(`/meja/kim/${slug}/sk`);
    await field(page, 'Nomor SK').fill(evil('188/'));
    await field(page, 'Tanggal SK').fill('2026-03-02');
    await field(page, 'Ditandatangani oleh').fill(evil('Lurah '));
    await send(page, 'Simpan SK');
    await page.goto(`/meja/kim/${slug}/ajukan`);
    await send(page, 'Ajukan sekarang');
  });

  await step('the desks of the verifier', async () => {
    for (const path of ['/meja', '/bina', `/bina/kim/${slug}`]) await look(path, 'pemeriksa');
    const fields = { nomor: `J-${word}`, tetap: '1' };
    assert.equal((await ask(`/bina/kim/${slug}/verifikasi`, { as: 'pemeriksa', fields })).status, 303);
    assert.equal((await ask(`/bina/kim/${slug}/aktifkan`, { as: 'pemeriksa', fields: {} })).status, 303);
  });

  await step('a wicked story, written without script', async () => {
    await page.goto(`/meja/tulis?kim=${slug}`);
    await field(page, 'Judul').fill(`${word} ${evil('')}`);
    await field(page, 'Ringkasan').fill(evil('Ringkasan '));
    const plain = 'Warga membersihkan sungai bersama tetangga pada pagi hari yang cerah dan ramai sekali. '.repeat(5);
    await field(page, 'Isi kabar').fill(`<p>${plain}</p><script>window.harm=1;alert(3)</script><img src=x onerror="window.harm=1"><svg onload="window.harm=1"><p><a href="javascript:window.harm=1">klik</a><b onclick="window.harm=1">tebal</b></p><iframe srcdoc="<script>parent.harm=1</script>"></iframe><math><mtext><style><img src=x onerror=window.harm=1></style></mtext></math>`);
    await field(page, 'Tagar').fill('<img src=x onerror=alert(1)>');
    await send(page, 'Simpan draf');
    story = new URL(page.url()).pathname;
    await field(page, 'Tambah foto').setInputFiles({ ...(await photograph('Jahat')), name: '"><img src=x onerror=alert(1)>.jpg' });
    await send(page, 'Kirim foto');
    await page.getByLabel('Penjelasan bagi yang tidak melihat foto').fill(evil('Foto '));
    await page.getByLabel('Keterangan di bawah foto').fill(evil('Keterangan '));
    await page.getByLabel('Pemotret').fill(evil('Oleh '));
    await send(page, 'Simpan penjelasan');
    await send(page, 'Kirim untuk dibaca');
    const reviewer = await visitor({ as: 'penyunting' });
    await reviewer.goto(`${story}/periksa`);
    await field(reviewer, 'Tulis catatan').fill(evil('Catatan '));
    await send(reviewer, 'Kirim catatan');
    await reviewer.context().close();
    for (const path of [story, `${story}/pratinjau`, `${story}/periksa`, `${story}/riwayat`, `/meja/tulisan?kim=${slug}`, '/meja', `/meja/kim/${slug}`, `/meja/kim/${slug}/anggota`]) await look(path, 'penyunting');
  });

  await step('it is published', async () => {
    const reviewer = await visitor({ as: 'penyunting' });
    await reviewer.goto(`${story}/periksa`);
    await send(reviewer, 'Terbitkan');
    await reviewer.context().close();
    published = (await linkOn(`/kabar?kim=${slug}`, undefined, /^\/kabar\/[\w-]+$/));
    for (const path of ['/', '/kabar', published, `/cari?q=${word}`, `/kim?q=${word}`, `/kim/${slug}`, `/kim/${slug}/riwayat`, '/wilayah/62.71.01.1002', `/cari?q=${encodeURIComponent(evil(word))}`, `/kim?q=${encodeURIComponent(evil(word))}`]) await look(path);
    await look('/meja', 'penyunting');
    await look('/kelola?q=' + word, 'pengelola');
    await look(await linkOn(`/kelola?q=${word}`, 'pengelola', /^\/kelola\/akun\/\d+$/), 'pengelola');
  });

  await step('the feeds stay whole', async () => {
    const eye = await visitor();
    for (const path of [`/kim/${slug}/feed.atom`, '/feed.atom']) {
      const found = await eye.evaluate(readFeed, (await ask(path)).text);
      assert.equal(found.fault, '', path);
      assert.deepEqual(await eye.evaluate(harmIn, found.html), [], `${path}: what readers will show as HTML is not clean`);
      assert.ok(found.texts.some((text) => text.includes(word)), path);
    }
    const { items } = JSON.parse((await ask(`/kim/${slug}/feed.json`)).text);
    assert.deepEqual(await eye.evaluate(harmIn, items.map((item) => item.content_html)), [], 'feed.json');
    await eye.context().close();
  });

  await step('nothing ran, and every view showed it', () => {
    const wrong = visits.filter(({ status, ran, handlers, scripts, faults }) => status !== 200 || ran || handlers || scripts || faults.length);
    assert.deepEqual(wrong, []);
    assert.deepEqual(visits.filter(({ shown }) => !shown).map(({ path, as }) => `${as ?? 'a stranger'} ${path}`), [], 'views that do not show what they should');
    t.diagnostic(`${visits.length} views`);
  });

  await t.test('long words without a space push nothing off a small screen', () => {
    assert.deepEqual(visits.filter(({ over }) => over > 0).map(({ path, as, over }) => `${as ?? 'a stranger'} ${path}: ${over} px`), []);
  });

  await step('the group is dissolved again', async () => {
    assert.equal((await ask(`/bina/kim/${slug}/bubarkan`, { as: 'pembina', fields: { alasan: evil('Selesai ') } })).status, 303);
    await look(`/kim/${slug}`);
    const last = visits.at(-1);
    assert.deepEqual([last.ran, last.handlers, last.scripts, last.faults], [false, 0, 0, []]);
    await page.context().close();
  });
});
