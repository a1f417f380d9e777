// The first journey: from a stranger to a published story that a neighbour finds, on a small phone,
// once with JavaScript and once without.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { accept, ask, base, button, close, field, fresh, phone, photograph, register, send, sideways, steps, told, url, visitor, words } from '../kit.mjs';

after(close);

for (const script of [true, false]) {
  test(`a new group tells its first story ${script ? 'with' : 'without'} JavaScript`, { timeout: 180_000 }, async (t) => {
    const step = steps(t);
    const word = fresh();
    const name = `KIM Rakit ${word}`;
    const title = `Warga ${word} memperbaiki titian bersama`;
    const chair = await visitor({ script });
    const writer = await visitor({ script });
    const verifier = await visitor({ script, as: 'pemeriksa' });
    const reader = await visitor({ script });
    let slug, desk, story, published;

    await step('two people register', async () => {
      await register(chair, `Ketua ${word}`, `ketua-${word}`);
      await told(chair, `Selamat datang, Ketua ${word}`);
      await register(writer, `Penulis ${word}`, `penulis-${word}`);
    });

    await step('one registers a group in a ward', async () => {
      await chair.goto('/kim/baru');
      await field(chair, 'Nama KIM').fill(name);
      await chair.getByText('Ketua', { exact: true }).click();
      await field(chair, 'Tahun lahir').fill('1990');
      const ward = chair.getByRole(script ? 'combobox' : 'searchbox', { name: 'Wilayah' });
      if (script) {
        await ward.pressSequentially('Bereng Beng', { delay: 30 });
        await chair.getByRole('option', { name: /Bereng Bengkel.*Palangka ?Raya/ }).first().click();
        await send(chair, 'Mulai mendaftar');
      } else {
        // A name that several places bear: the server asks which one.
        await ward.fill('Pahandut');
        await button(chair, 'Mulai mendaftar').click();
        await chair.getByRole('radio', { name: /^Pahandut Kelurahan/ }).check();
        await send(chair, 'Mulai mendaftar');
      }
      slug = new URL(chair.url()).pathname.split('/').pop();
      desk = `/meja/kim/${slug}`;
      assert.match(await words(chair), /sebelum mengajukan/);
    });

    await step('adds two members', async () => {
      for (const [member, office] of [[`Penulis ${word}`, 'Sekretaris'], [`Tetangga ${word}`, 'Anggota']]) {
        await chair.goto(`${desk}/anggota`);
        await chair.getByRole('link', { name: 'Tambah anggota' }).click();
        await field(chair, 'Nama lengkap').fill(member);
        await chair.getByRole('radio', { name: office, exact: true }).check();
        await field(chair, 'Tahun lahir').fill('1995');
        await send(chair, 'Simpan');
        await told(chair, 'Anggota sudah kami tambahkan.');
      }
      assert.match(await words(chair), /3 orang/);
    });

    await step('invites one of them, who accepts', async () => {
      await chair.getByRole('link', { name: new RegExp(`^Undang ?: Penulis ${word}`) }).click();
      await send(chair, 'Buat undangan', 200);
      const link = await chair.locator('#tautan').innerText();
      assert.match(await chair.getByRole('link', { name: 'Kirim lewat WhatsApp' }).getAttribute('href'), /^https:\/\/wa\.me\/\?text=/);
      await writer.goto(new URL(link).pathname);
      assert.equal(new URL(writer.url()).pathname, '/gabung', 'the secret does not stay in the address');
      assert.ok((await words(writer)).includes(name));
      await accept(writer);
      await told(writer, `Selamat datang di ${name}.`);
    });

    await step('fills the profile and the decree', async () => {
      await chair.goto(`${desk}/profil`);
      await field(chair, 'Tentang kami').fill(`Kami warga ${word} yang menulis kabar dari tepi sungai.`);
      await chair.getByRole('checkbox', { name: 'Lingkungan' }).check();
      await field(chair, 'Nomor HP kelompok').fill('0812 3456 7890');
      await chair.getByRole('checkbox', { name: /Tampilkan nomor HP/ }).check();
      await send(chair, 'Simpan');
      await told(chair, 'Profil sudah kami simpan.');

      await chair.goto(`${desk}/sk`);
      await field(chair, 'Nomor SK').fill(`188.45/${word}/2026`);
      await field(chair, 'Tanggal SK').fill('2026-03-02');
      await field(chair, 'Ditandatangani oleh').fill('Lurah contoh');
      await field(chair, 'Foto atau PDF SK').setInputFiles(await photograph(`Surat Keputusan ${word}`, 600, 850));
      await send(chair, 'Simpan SK');
      await told(chair, 'SK sudah kami catat.');
    });

    await step('checks the answers and submits', async () => {
      await chair.goto(desk);
      await chair.goto(`${desk}/ajukan`);
      const said = await words(chair);
      for (const part of [name, `Tetangga ${word}`, `188.45/${word}/2026`]) assert.ok(said.includes(part), `${part} is not in: ${said}`);
      await send(chair, 'Ajukan sekarang');
      await told(chair, 'KIM sudah diajukan.');
      assert.equal((await ask(`/kim/${slug}`)).status, 404, 'an unverified group is not public');
    });

    await step('the verifier looks, gives a number, and declares it active', async () => {
      await verifier.goto('/bina');
      await verifier.getByRole('link', { name: new RegExp(`^Periksa berkas.*${name}$`) }).click();
      const scan = await verifier.getByRole('link', { name: 'Buka SK' }).getAttribute('href');
      const photo = await ask(scan, { as: 'pemeriksa' });
      assert.equal(photo.headers.get('content-type'), 'image/jpeg');
      assert.match(String((await ask(scan, { as: 'warga' })).status), /403|404/, 'a stranger does not see the decree');
      await field(verifier, 'Nomor KIM').fill(`N-${word}`);
      const anyway = verifier.getByRole('checkbox', { name: /Tetap verifikasi/ });
      if (await anyway.count()) await anyway.check();
      await send(verifier, 'Verifikasi');
      await told(verifier, `${name} sudah terverifikasi.`);
      await verifier.goto(`/bina/kim/${slug}`);
      await send(verifier, 'Nyatakan aktif');
      await told(verifier, `${name} kini aktif.`);
      // Now it is public, and kept by the page cache until something changes.
      await reader.goto(`/kim/${slug}`);
      assert.match(await words(reader), /Belum ada kabar/);
    });

    await step('the member writes a story with a photograph', async () => {
      await writer.goto('/meja');
      await writer.goto(`/meja/tulis?kim=${slug}`);
      await field(writer, 'Judul').fill(title);
      await field(writer, 'Ringkasan').fill('Tiga puluh warga memasang papan baru selama dua hari.');
      const paragraphs = [
        `Tiga puluh warga ${word} memperbaiki titian kayu di tepi sungai pada Sabtu dan Minggu. Mereka mengganti papan lapuk, memasang pegangan, dan mengecat tandanya supaya terlihat pada malam hari.`,
        'Papan itu berasal dari sumbangan pedagang pasar. Anak sekolah kini bisa menyeberang tanpa basah. Bulan depan mereka memasang lampu.',
      ];
      const body = writer.getByRole('textbox', { name: 'Isi kabar' });
      if (script) {
        await body.click();
        await writer.keyboard.type(paragraphs[0]);
        await writer.keyboard.press('Enter');
        await writer.keyboard.type(paragraphs[1]);
      } else await body.fill(paragraphs.map((text) => `<p>${text}</p>`).join('\n'));
      await field(writer, 'Jenis kabar').selectOption({ label: 'Lingkungan' });
      await field(writer, 'Tagar').fill(`titian, ${word}`);
      await send(writer, 'Simpan draf');
      await told(writer, 'Draf tersimpan.');
      story = new URL(writer.url()).pathname;
      await field(writer, 'Tambah foto').setInputFiles(await photograph(`Titian ${word}`));
      await send(writer, 'Kirim foto');
      await writer.getByLabel('Penjelasan bagi yang tidak melihat foto').fill(`Warga ${word} mengecat titian`);
      await send(writer, 'Simpan penjelasan');
    });

    await step('previews it and sends it', async () => {
      await writer.getByRole('link', { name: 'Lihat pratinjau' }).click();
      await writer.getByRole('heading', { level: 1, name: title }).waitFor();
      assert.equal(await writer.getByRole('img', { name: `Warga ${word} mengecat titian` }).count(), 1);
      assert.equal(await writer.locator('.prose p').count(), 2);
      await writer.getByRole('link', { name: 'Ubah tulisan' }).click();
      await send(writer, 'Kirim untuk dibaca');
      await told(writer, 'Terkirim.');
    });

    await step('the editor asks for a change, the writer mends it', async () => {
      await chair.goto('/meja');
      await chair.locator(`main a[href^="${story}"]`).first().click();
      await field(chair, 'Apa yang perlu diperbaiki?').fill('Sebut nama sungainya di ringkasan.');
      await send(chair, 'Minta perbaikan');
      await told(chair, 'Permintaan Anda terkirim');
      await writer.goto('/meja');
      await writer.locator(`main a[href^="${story}"]`).first().click();
      await writer.goto(story);
      assert.match(await words(writer), /Sebut nama sungainya/);
      await field(writer, 'Ringkasan').fill('Tiga puluh warga memasang papan baru di tepi Sungai Kahayan.');
      await send(writer, 'Kirim untuk dibaca');
    });

    await step('the editor publishes; a stranger finds it within two seconds', async () => {
      await chair.goto(`${story}/periksa`);
      assert.match(await words(chair), /Sungai Kahayan/);
      await send(chair, 'Terbitkan');
      const moment = Date.now();
      let found;
      while (!found && Date.now() - moment < 2000) {
        const { text } = await ask(`/cari?q=${word}`);
        found = new RegExp(`href="(/kabar/[^"]*${word}[^"]*)"`).exec(text)?.[1];
        if (!found) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      t.diagnostic(`found after ${Date.now() - moment} ms`);
      assert.ok(found, 'not in /cari within two seconds');
      published = found;
    });

    await step('the stranger searches, reads, and shares', async () => {
      await reader.goto('/');
      await reader.getByRole('link', { name: 'Cari', exact: true }).first().click();
      await reader.getByRole('searchbox', { name: 'Cari kabar, KIM, atau wilayah' }).fill(`titian ${word}`);
      await button(reader, 'Cari').click();
      await reader.getByRole('link', { name: title }).click();
      assert.equal(new URL(reader.url()).pathname, published);
      const said = await words(reader);
      for (const part of [title, 'Sungai Kahayan', name, `Penulis ${word}`, 'Lingkungan']) assert.ok(said.includes(part), `${part} is not in: ${said}`);
      const photo = reader.getByRole('img', { name: `Warga ${word} mengecat titian` });
      await photo.scrollIntoViewIfNeeded();
      const picture = await photo.getAttribute('src');
      assert.equal((await ask(picture)).headers.get('content-type'), 'image/jpeg');
      assert.equal(await sideways(reader), 0);

      for (const [app, start] of [['WhatsApp', 'https://wa.me/?text='], ['Telegram', 'https://t.me/share/url?']]) {
        const href = await reader.locator('.share').getByRole('link', { name: app }).getAttribute('href');
        assert.ok(href.startsWith(start) && decodeURIComponent(href).includes(url(published)), `${app}: ${href}`);
      }
      const copy = reader.locator('[data-copy]');
      assert.equal(await copy.isVisible(), script, 'the copy button stands only where it works');
      if (script) {
        await reader.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base });
        await copy.click();
        await reader.getByRole('status').getByText('Tautan').waitFor({ state: 'attached' });
        assert.equal(await reader.evaluate(() => navigator.clipboard.readText()), url(published));
      }
    });

    await step('it is on the page of the group, in the lists and in the feed', async () => {
      for (const path of [`/kim/${slug}`, '/kabar', '/', `/kabar?kim=${slug}`]) {
        await reader.goto(path);
        assert.ok(await reader.getByRole('link', { name: title }).count(), `${path} does not show the story`);
      }
      const feed = await ask(`/kim/${slug}/feed.atom`);
      assert.match(feed.headers.get('content-type'), /atom\+xml/);
      assert.ok(feed.text.includes(title) && feed.text.includes(url(published)));
    });

    await step('no page complained, none scrolls sideways', async () => {
      for (const page of [chair, writer, verifier, reader]) {
        assert.deepEqual(page.faults.filter((fault) => !/status of 422/.test(fault)), []);
        assert.equal(await sideways(page), 0, page.url());
        assert.equal(page.viewportSize().width, phone.width);
        await page.context().close();
      }
    });
  });
}
