// The register of a whole province comes in from one spreadsheet: 520 rows, 20 of them wrong. The verifier
// sees each mistake, brings in the good rows, finds them in the directory, and takes the whole import back.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ask, close, field, send, sideways, soon, steps, told, visitor, words } from '../kit.mjs';

after(close);

const sheet = join(import.meta.dirname, '../../slices/kim/src/bulk/fixtures/kalteng.xlsx');
/** What each planted mistake is told, from line 29 on every 26th. */
const mistakes = [
  /^Nama KIM Tulis nama KIM\.$/,
  /^Nama KIM “KIM Panjang.*” Terlalu panjang\. Paling banyak 80 huruf\.$/,
  /^Desa atau kelurahan Tulis kode wilayah atau nama desa\.$/,
  /^Kode wilayah “62\.71\.01\.1999” Kode 62\.71\.01\.1999 tidak ada dalam daftar wilayah\.$/,
  /^Kode wilayah “62\.71\.01” Kode 62\.71\.01 bukan desa atau kelurahan\. Tulis kode sampai desa\.$/,
  /^Kode wilayah “63\.71\.01\.1001” Mantuil, Banjarmasin Selatan, Kota Banjarmasin di luar wilayah Anda\.$/,
  /^Desa atau kelurahan “Negeri Dongeng” Tidak ada desa atau kelurahan bernama “Negeri Dongeng”\.$/,
  /^Desa atau kelurahan “Sumber Makmur” Ada beberapa “Sumber Makmur”: .*Tulis kecamatan atau kodenya\.$/,
  /^Desa atau kelurahan “Menteng” Kode itu milik Langkai\. Betulkan kode atau namanya\.$/,
  /^Nomor KIM “KT-0001” Nomor ini juga dipakai baris 4\.$/,
  /^Nomor KIM “LAMA-1” Nomor ini sudah dipakai KIM lain\.$/,
  /^Nama KIM “kim riak bersatu” Sama dengan baris 4\. Hapus salah satunya\.$/,
  /^Nama KIM “KIM Sudah Ada” Desa ini sudah punya KIM Sudah Ada\. Hapus baris ini bila KIM-nya sama\.$/,
  /^Tanggal berdiri “31\/02\/2020” “31\/02\/2020” bukan tanggal yang kami kenal\./,
  /^Tanggal berdiri “2031-05-01” Tanggal “2031-05-01” belum lewat\. Periksa tahunnya\.$/,
  /^Nomor HP “0536 3221234” “0536 3221234” bukan nomor HP\./,
  /^Email “kim\.contoh\.id” “kim\.contoh\.id” bukan alamat email\./,
  /^Nama KIM “=” Sel ini berisi rumus atau diawali = \+ - @\. Ganti dengan tulisan biasa\.$/,
  /^Bidang “Sulap” Bidang “sulap” tidak kami kenal\./,
  /^Nomor KIM Ini tampak seperti NIK warga\. Kami tidak menyimpannya, jadi hapus dari berkas\.$/,
];

test('a province comes in from a spreadsheet and is taken back', { timeout: 240_000 }, async (t) => {
  const step = steps(t);
  const operator = await visitor({ as: 'pengelola' });
  const verifier = await visitor({ as: 'pemeriksa' });
  const reader = await visitor();
  const before = await known();
  let account, small, whole;
  // Half a thousand KIM in one request.
  verifier.context().setDefaultTimeout(60_000);

  await step('the operator gives a verifier the province', async () => {
    await operator.goto('/kelola?q=pemeriksa');
    await operator.getByRole('link', { name: 'Pemeriksa (demo)' }).click();
    account = new URL(operator.url()).pathname;
    await field(operator, 'Beri peran').selectOption({ label: 'Pemeriksa wilayah' });
    await field(operator, 'Kode wilayah').fill('62');
    await send(operator, 'Beri peran');
    await told(operator, 'Peran sudah diberikan');
    assert.ok((await ask('/bina', { as: 'pemeriksa' })).text.includes('Kalimantan Tengah'));
  });

  await step('two KIM come in first, which the big sheet will meet', async () => {
    await upload(verifier, { name: 'dua.csv', mimeType: 'text/csv', buffer: Buffer.from('Nama KIM;Kode wilayah;Nomor KIM\nKIM Sudah Ada;62.71.03.1002;\nKIM Lama;62.71.04.1001;LAMA-1\n') });
    small = new URL(verifier.url()).pathname;
    await send(verifier, 'Masukkan baris yang siap');
    await told(verifier, '2 baris masuk, 0 ditolak.');
  });

  await step('the sheet is uploaded and nothing of it is kept yet', async () => {
    await upload(verifier, sheet);
    whole = new URL(verifier.url()).pathname;
    await verifier.getByRole('heading', { level: 1, name: 'Periksa sebelum memasukkan' }).waitFor();
    const said = (await verifier.locator('main').innerText()).replace(/\s+/g, ' ');
    for (const part of ['500 Baris siap', '20 Baris ditolak', 'Kolom ini tidak kami kenal dan kami lewati: Warna map.']) assert.ok(said.includes(part), `${part} is not in: ${said.slice(0, 600)}`);
    assert.equal((await ask('/api/v1/kim/kim-titian-maju')).status, 404);
  });

  await step('each of the twenty mistakes is told', async () => {
    const rows = await verifier.locator('tbody tr').evaluateAll((all) => all.map((row) => [row.querySelector('th').innerText, row.querySelector('td:last-child').innerText.replace(/\s+/g, ' ').trim()]));
    assert.equal(rows.length, mistakes.length);
    for (const [i, [line, said]] of rows.entries()) {
      assert.equal(Number(line), 29 + 26 * i, said);
      assert.match(said, mistakes[i]);
    }
    assert.ok(!(await verifier.content()).includes('6271010101010001'), 'the number of a citizen is shown nowhere');
    assert.equal(await sideways(verifier), 0);
    await verifier.getByRole('navigation', { name: 'Pilih baris' }).getByRole('link', { name: /^Baris siap/ }).click();
    assert.equal(await verifier.locator('tbody tr').count(), 50, 'the good rows, page by page');
  });

  await step('the good rows come in as verified', async () => {
    await verifier.getByRole('radio', { name: /^Terverifikasi/ }).check();
    await send(verifier, 'Masukkan baris yang siap');
    await told(verifier, '500 baris masuk, 20 ditolak.');
    await verifier.getByRole('heading', { level: 1, name: 'Sudah dimasukkan' }).waitFor();
    const refused = await ask(`${whole}/ditolak/ditolak.csv`, { as: 'pemeriksa' });
    assert.ok(refused.text.includes('KIM Kode Salah;') && refused.text.includes('Kode 62.71.01.1999 tidak ada'), refused.text.slice(0, 300));
  });

  await step('anyone finds them in the directory', async () => {
    assert.equal(await known(), before + 500);
    assert.ok((await ask('/kim?q=Sudah+Ada')).text.includes('href="/kim/kim-sudah-ada"'), 'one that nobody verified stands there too');
    await reader.goto('/kim');
    await reader.getByRole('searchbox', { name: 'Cari nama KIM atau tempat' }).fill('Huma Lestari');
    await reader.getByRole('main').getByRole('button', { name: 'Cari', exact: true }).click();
    await reader.getByRole('link', { name: 'KIM Huma Lestari', exact: true }).first().click();
    await reader.getByRole('heading', { level: 1, name: 'KIM Huma Lestari' }).waitFor();
    assert.match(await words(reader), /Terverifikasi/);
    const answer = JSON.parse((await ask('/api/v1/kim/kim-titian-maju')).text);
    assert.deepEqual([answer.number, answer.founded, answer.status, answer.contact.phone], ['KT-0002', '2019-02-02', 'verified', null]);
    assert.ok(await soon(async () => (await ask('/cari?q=Titian+Maju')).text.includes('/kim/kim-titian-maju"'), 30_000), 'the search finds one');
  });

  await step('the verifier takes the whole import back', async () => {
    await verifier.goto('/bina/impor');
    await verifier.getByRole('link', { name: /^kalteng\.xlsx/ }).click();
    await send(verifier, 'Batalkan impor');
    await told(verifier, '500 baris dibatalkan, 0 tetap ada.');
    await verifier.getByRole('heading', { level: 1, name: 'Sudah dibatalkan' }).waitFor();
    assert.equal((await ask(`${whole}/batalkan`, { as: 'pemeriksa', fields: {} })).status, 409, 'only once');
    await verifier.goto(small);
    await send(verifier, 'Batalkan impor');
    await told(verifier, '2 baris dibatalkan, 0 tetap ada.');
  });

  await step('nothing of it is left', async () => {
    assert.equal(await known(), before);
    for (const path of ['/kim/kim-titian-maju', '/api/v1/kim/kim-titian-maju', '/kim/kim-sudah-ada']) assert.equal((await ask(path)).status, 404, path);
    await reader.goto('/kim?q=Huma+Lestari');
    await reader.getByText('Belum ada KIM yang cocok').waitFor();
    assert.ok(await soon(async () => !(await ask('/cari?q=Titian+Maju')).text.includes('/kim/kim-titian-maju"'), 30_000), 'the search has let go');
  });

  await step('the verifier keeps the city only, as before', async () => {
    await operator.goto(account);
    const given = operator.getByRole('listitem').filter({ has: operator.getByRole('link', { name: '62', exact: true }) });
    await given.getByRole('button', { name: 'Akhiri peran' }).click();
    await told(operator, 'Peran sudah diakhiri.');
    assert.ok(!(await ask('/bina', { as: 'pemeriksa' })).text.includes('Kalimantan Tengah'));
  });

  await step('no page complained, none scrolls sideways', async () => {
    for (const page of [operator, verifier, reader]) {
      assert.deepEqual(page.faults, []);
      assert.equal(await sideways(page), 0, page.url());
      await page.context().close();
    }
  });
});

/** Sends a file to the register. */
async function upload(page, file) {
  await page.goto('/bina/impor');
  await field(page, 'Berkas').setInputFiles(file);
  await send(page, 'Unggah dan periksa');
}

/** How many KIM are verified or at work, by the API. */
async function known() {
  let count = 0;
  for (let after = ''; after !== null;) {
    const { items, next } = JSON.parse((await ask(`/api/v1/kim?limit=100${after && `&after=${encodeURIComponent(after)}`}`)).text);
    count += items.length;
    after = next;
  }
  return count;
}
