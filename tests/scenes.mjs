// What must have happened in the demo before some of the pages can be opened: each is begun once and then found again.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { ask, linkOn, newcomer, own, proven, soon } from './kit.mjs';

export const home = 'riak-seberang';

const pathOf = (answer) => new URL(answer.headers.get('location'), 'http://x').pathname;
/** What a form of the page sends along unseen. */
const hidden = (text, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1];
/** The path of an answer that must lead on. */
async function onward(path, options) {
  const answer = await ask(path, options);
  assert.equal(answer.status, 303, `${path} as ${options.as ?? 'a newcomer'} answered ${answer.status}: ${answer.text.replace(/<[^>]+>|\s+/g, ' ').slice(0, 600)}`);
  return pathOf(answer);
}
const first = (path, as, pattern) => linkOn(path, as, pattern).catch(() => undefined);

/** A draft of this account, with every kind of text. */
export async function draftOf(as) {
  const title = 'Draf untuk uji halaman';
  const known = await first(`/meja/tulisan?kim=${home}&q=${encodeURIComponent(title)}`, as, /^\/meja\/tulisan\/\d+$/);
  if (known) return known;
  const body = '<h2>Bagian</h2><p>Satu <strong>dua</strong> <a href="https://contoh.id">tiga</a>.</p><ul><li>empat</li></ul><blockquote><p>lima</p></blockquote>';
  return onward('/meja/tulis', { as, fields: { kim: home, title, lead: 'Ringkasan.', body, category: 'kabar', tags: 'uji, halaman', lang: 'id', act: 'draf' } });
}

/** A group that this account has begun to register. */
export async function groupOf(as) {
  const known = await first('/meja', as, /^\/meja\/kim\/[\w-]+$/);
  return known ?? onward('/kim/baru', { as, fields: { nama: 'KIM Baru Mulai', wilayah: '62.71.01.1002', jabatan: 'chair', lahir: '1990' } });
}

/** A story that a member has written and handed in: its page at the desk. */
export async function handedIn(title) {
  const body = `<p>${'Warga menata dermaga kayu di tepi sungai bersama tetangga dan anak sekolah. '.repeat(6)}</p>`;
  return onward('/meja/tulis', { as: 'anggota', fields: { kim: home, title, lead: 'Warga menata dermaga kayu.', body, category: 'lingkungan', lang: 'id', act: 'kirim' } });
}

/** A story that was published and taken back: its public address. */
export async function takenBack() {
  const published = '/kabar/kabar-yang-ditarik-kembali';
  if ((await ask(published)).status === 410) return published;
  const desk = await handedIn('Kabar yang ditarik kembali');
  for (const [step, said] of [['terbitkan', {}], ['tarik', { alasan: 'Dermaga itu bukan milik kelompok ini.' }]]) {
    const { text } = await ask(`${desk}/periksa`, { as: 'penyunting' });
    await onward(`${desk}/${step}`, { as: 'penyunting', fields: { version: hidden(text, 'version'), ...said } });
  }
  assert.ok(await soon(async () => (await ask(published)).status === 410), `${published} is not gone`);
  return published;
}

/** What the browser of someone holds who has opened an invitation to the group. */
export async function invited() {
  const made = await ask(`/meja/kim/${home}/undangan`, { as: 'pengurus', fields: { peran: 'member', untuk: 'satu', catatan: 'Uji halaman' } });
  assert.equal(made.status, 200, 'making an invitation');
  const link = /id="tautan">([^<]+)</.exec(made.text)[1];
  return (await ask(new URL(link).pathname)).cookies;
}

/** What the browser of someone holds who has typed the code of a slip, and may set a password. `account`: path at the operator's. */
export async function slipped(account) {
  const made = await ask(`${account}/slip`, { as: 'pengelola', fields: {} });
  assert.equal(made.status, 200, 'making a slip');
  const [, kode] = /class="secret">([^<]+)</.exec(made.text);
  const opened = await ask('/lupa-sandi/slip', { fields: { kode } });
  assert.equal(opened.status, 303, 'opening a slip');
  return opened.cookies;
}

/** What the browser of someone with a code app holds after the password was right, while the code is missing. */
export async function halfway() {
  const login = 'warga-berkode';
  const enter = () => ask('/masuk', { fields: { masuk: login, sandi: own } });
  let half = await enter();
  if (half.status !== 303) {
    const cookies = await newcomer('Warga Berkode', login);
    const { text } = await ask('/akun/keamanan/aplikasi', { cookies });
    const kode = codeOf(/class="secret">([^<]+)</.exec(text)[1]);
    const added = await ask('/akun/keamanan/aplikasi', { cookies, fields: { garam: hidden(text, 'garam'), kode } });
    assert.equal(added.status, 200, 'adding a code app');
    half = await enter();
  }
  assert.equal(pathOf(half), '/masuk/kode');
  return half.cookies;
}

/** What an app shows now for a key in base32 (RFC 6238). */
function codeOf(key) {
  const bits = [...key.replace(/\s/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))).update(moment).digest();
  return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/**
 * Two KIM of one name that came in from a spreadsheet and belong to nobody yet, and a second file that waits with a
 * mistake in it. `done` and `waiting` are the pages of the imports, `pair` compares the two; one can be claimed
 * (`open`), the other has been (`claim`).
 */
export async function imported() {
  const as = 'pembina';
  const file = (name, ...rows) => ({ field: 'berkas', name, text: ['Nama KIM,Kode wilayah', ...rows].join('\n') });
  const upload = (sheet) => onward('/bina/impor', { as, fields: {}, file: sheet });
  let done = await importOf('/bina/impor', as, 'daftar-lama.csv');
  if (!done) {
    done = await upload(file('daftar-lama.csv', 'KIM Lanting Contoh,62.71.02.1001', 'KIM Lanting Contoh,62.71.04.1001'));
    await onward(`${done}/masukkan`, { as, fields: { sebagai: 'daftar' } });
  }
  const waiting = (await importOf('/bina/impor', as, 'daftar-salah.csv'))
    ?? (await upload(file('daftar-salah.csv', 'KIM Muara Contoh,62.71.04.1001', 'KIM Salah Contoh,62.71.99.9999')));
  const likely = (await ask('/bina/ganda', { as })).text.split('<li').find((line) => line.includes('KIM Lanting Contoh'));
  const [, pair] = /href="(\/bina\/ganda\/\d+\/\d+)"/.exec(likely);
  const { text } = await ask(pair, { as });
  const kims = [...text.matchAll(/href="\/bina(\/kim\/[\w-]+)"/g)].map(([, path]) => path);
  const claim = `${kims[1]}/klaim`;
  if (hidden((await ask(claim, { as: 'dinas' })).text, 'jabatan')) {
    await onward(claim, { as: 'dinas', fields: { jabatan: 'secretary', dewasa: '1', alasan: 'Saya sekretarisnya sejak 2021.' } });
  }
  return { done, waiting, pair, open: `${kims[0]}/klaim`, claim };
}

/** A roster that waits to be taken in, with a mistake in it. */
export async function roster() {
  const base = `/meja/kim/${home}/impor`;
  const known = await importOf(base, 'pengurus', 'anggota-baru.csv');
  const text = 'Nama lengkap,Jabatan\nWarga Contoh Baru,Anggota\nWarga Contoh Lain,Juru terbang';
  return known ?? onward(base, { as: 'pengurus', fields: {}, file: { field: 'berkas', name: 'anggota-baru.csv', text } });
}

/** The page of an import in the list of earlier ones, by the name of its file. */
async function importOf(base, as, name) {
  const { text } = await ask(base, { as });
  return [...text.matchAll(/href="([^"]+\/impor\/\d+)"><span>([^<]+)/g)].find(([, , file]) => file === name)?.[1];
}

/** What came of approving, at once, groups that lack something: none is approved. */
export async function approval() {
  const { text } = await ask('/bina/verifikasi', { as: 'pemeriksa' });
  const lines = text.split('<tr>').filter((line) => line.includes('name="kim"') && line.includes('class="knots"'));
  assert.ok(lines.length, 'no group in the queue lacks anything');
  const kim = /name="kim" value="(\d+)"/.exec(lines[0])[1];
  return onward('/bina/verifikasi', { as: 'pemeriksa', fields: { kim } });
}

/** The record of a handover that was thought better of. */
export async function handover() {
  const as = 'pembina';
  const known = await first('/akun/serah-terima', as, /^\/akun\/serah-terima\/\d+$/);
  if (known) return known;
  const { text } = await ask('/akun/serah-terima', { as });
  const fields = { tempat: hidden(text, 'tempat'), peran: hidden(text, 'peran'), akun: 'warga' };
  const record = await onward('/akun/serah-terima', { as, fields });
  await onward(`${record}/batal`, { as, fields: {} });
  return record;
}

/** A request about a resident's own data that waits for the operator. */
export async function request() {
  await ask('/akun/data/permohonan', { as: 'warga', fields: { jenis: 'correction', isi: 'Nama saya salah ejaan.' } });
  return linkOn('/kelola/permohonan', 'pengelola', /^\/kelola\/permohonan\/\d+$/);
}

/** Everyone whose pages ask for the password again has given it. */
export const opened = () => Promise.all(['warga', 'pengurus', 'pemeriksa', 'pembina', 'pengelola'].map(proven));
