// A seat changes hands in one step: the role, the office and the unfinished story go to another member,
// the record of it is printed, and the seat comes back the same way.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ask, close, field, fresh, prove, send, sideways, soon, steps, told, visitor, words } from '../kit.mjs';

after(close);

test('an officer hands over and gets the seat back', { timeout: 120_000 }, async (t) => {
  const step = steps(t);
  const title = `Draf serah terima ${fresh()}`;
  const kim = '/meja/kim/riak-seberang';
  const old = await visitor({ as: 'pengurus' });
  const heir = await visitor({ as: 'anggota' });
  const one = 'Pengurus (demo)', other = 'Anggota (demo)';
  let draft, record;

  await step('before: one keeps the KIM, the other does not', async () => {
    assert.equal(await opens('pengurus'), 200);
    assert.equal(await opens('anggota'), 403);
    await offices('Ketua', 'Anggota');
  });

  await step('the officer leaves a story unfinished', async () => {
    await old.goto('/meja/tulis?kim=riak-seberang');
    await field(old, 'Judul').fill(title);
    await send(old, 'Simpan draf');
    draft = new URL(old.url()).pathname;
  });

  await step('hands the seat over in one step', async () => {
    await prove(old, '/akun/serah-terima');
    await old.getByRole('heading', { name: 'KIM Riak Seberang' }).waitFor();
    await send(old, 'Serahkan', 422);
    assert.match(await words(old), /Pilih siapa yang menerima/);
    assert.equal(await opens('pengurus'), 200, 'nothing has moved yet');
    await give(old, other, ['Pengurus KIM']);
    record = new URL(old.url()).pathname;
  });

  await step('the record lists what moved, for paper too', async () => {
    await soon(async () => {
      const { text } = await ask(record, { as: 'pengurus' });
      return text.includes(title) && text.includes('id="jabatan-pindah"');
    });
    await old.emulateMedia({ media: 'print' });
    await old.reload();
    const said = await old.locator('main').innerText();
    for (const part of ['Berita acara serah terima', 'KIM Riak Seberang', 'Selesai', 'Pengurus KIM', 'Satu tulisan ikut berpindah', title, `${one} tetap menjadi anggota.`]) {
      assert.ok(said.includes(part), `${part} is not in: ${said}`);
    }
    const row = async (name) => (await old.getByRole('row', { name: new RegExp(`^${name.replace(/[()]/g, '\\$&')}`) }).innerText()).replace(/\s+/g, ' ');
    assert.match(await row(one), /Ketua\b.*Anggota$/);
    assert.match(await row(other), /Anggota\b.*Ketua$/);
    const signs = old.getByRole('region', { name: 'Tanda tangan' });
    for (const part of ['Yang menyerahkan,', one, 'Yang menerima,', other, 'Mengetahui,']) assert.ok((await signs.innerText()).includes(part), part);
    assert.equal(await old.getByText('Untuk arsip kertas').isVisible(), false, 'the hint is not printed');
    assert.equal(await old.getByRole('navigation').filter({ visible: true }).count(), 0, 'no menu is printed');
    await old.emulateMedia({ media: null });
    assert.equal((await ask(record, { as: 'tetangga' })).status, 404, 'no business of a neighbour');
  });

  await step('the old officer no longer keeps the KIM, the new one does', async () => {
    assert.equal(await opens('pengurus'), 403);
    assert.equal(await opens('anggota'), 200);
    await offices('Anggota', 'Ketua');
    const list = '/meja/tulisan?kim=riak-seberang';
    assert.ok((await ask(list, { as: 'anggota' })).text.includes(title), 'the story came along');
    await heir.goto('/meja');
    assert.match(await heir.locator('main').innerText(), /Serah terima di KIM Riak Seberang selesai/);
    await heir.goto(`${kim}/profil`);
    await field(heir, 'Nama KIM').waitFor();
    await heir.goto(draft);
    assert.equal(await field(heir, 'Judul').inputValue(), title);
  });

  await step('the new officer hands it back', async () => {
    await prove(heir, '/akun/serah-terima');
    await give(heir, one, ['Pengurus KIM']);
    const back = new URL(heir.url()).pathname;
    assert.notEqual(back, record);
    assert.ok(await soon(async () => (await ask(back, { as: 'pengurus' })).text.includes(title)), 'the story goes back');
    assert.equal(await opens('pengurus'), 200);
    assert.equal(await opens('anggota'), 403);
    await offices('Ketua', 'Anggota');
  });

  await step('the demo is left as it was', async () => {
    await old.goto(draft);
    await old.locator('summary').filter({ hasText: 'Hapus tulisan' }).click();
    await send(old, 'Hapus tulisan');
    await told(old, 'Tulisan dan fotonya sudah dihapus.');
    assert.ok(!(await ask('/meja/tulisan?kim=riak-seberang', { as: 'pengurus' })).text.includes(title));
  });

  await step('no page complained, none scrolls sideways', async () => {
    for (const page of [old, heir]) {
      assert.deepEqual(page.faults.filter((fault) => !/status of 422/.test(fault)), []);
      assert.equal(await sideways(page), 0, page.url());
      await page.context().close();
    }
  });

  /** What the desk of the KIM's officers answers to someone. */
  async function opens(as) {
    return (await ask(`${kim}/profil`, { as })).status;
  }

  /** Who holds which office on the roster; it follows in the background. */
  async function offices(...wanted) {
    const held = async () => {
      const { text } = await ask(`${kim}/anggota`, { as: 'penyunting' });
      return [one, other].map((name) => text.split(`<th scope="row">${name}`)[1]?.match(/data-label="Jabatan">([^<]+)/)?.[1]);
    };
    await soon(async () => String(await held()) === String(wanted));
    assert.deepEqual(await held(), wanted);
  }
});

/** Hands over: only the named roles, and the giver stays a member. */
async function give(page, to, roles) {
  await field(page, 'Yang menerima').selectOption({ label: to });
  for (const role of await page.getByRole('group', { name: 'Yang diserahkan' }).getByRole('checkbox').all()) {
    await role.setChecked(roles.includes(await role.evaluate((box) => box.parentElement.innerText.trim())));
  }
  await page.getByRole('checkbox', { name: /^Saya tetap menjadi anggota/ }).check();
  await send(page, 'Serahkan');
  await told(page, 'Serah terima selesai.');
}
