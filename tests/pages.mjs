// The pages that every sweep visits: whose they are, where they lie, and which form to send empty.
import { linkOn, session } from './kit.mjs';
import { approval, draftOf, groupOf, halfway, handover, home, imported, invited, opened, request, roster, slipped, takenBack } from './scenes.mjs';

const own = /^\/meja\/tulisan\/\d+$/;
const waiting = /^\/meja\/tulisan\/\d+\/periksa$/;

/**
 * `at`: the path. `as`: the account, none for a stranger. `send`: the button to press with nothing filled in,
 * `to`: where that form goes, if it takes nothing at all. `status`: what the server answers when not 200. `cookies`: what else the browser
 * holds, and `with` a word for it.
 */
export async function pages() {
  await opened();
  const draft = await draftOf('anggota');
  const article = await linkOn(`/kim/${home}`, undefined, /^\/kabar\/[\w-]+$/);
  const queued = await linkOn('/bina', 'pemeriksa', /^\/bina\/kim\/[\w-]+$/);
  const unread = await linkOn('/meja', 'penyunting', waiting).catch(() => linkOn(`/meja/tulisan?kim=${home}`, 'penyunting', own));
  const member = await linkOn(`/meja/kim/${home}/anggota`, 'pengurus', /^\/meja\/kim\/[\w-]+\/anggota\/\d+$/);
  const office = await linkOn(`/meja/kim/${home}/jabatan`, 'pengurus', /^\/meja\/kim\/[\w-]+\/jabatan\/\d+$/);
  const account = await linkOn('/kelola?q=warga', 'pengelola', /^\/kelola\/akun\/\d+$/);
  const beginning = await groupOf('warga');
  const gone = await takenBack();
  const invitation = await invited();
  const slip = await slipped(account);
  const half = await halfway();
  const register = await imported();
  const people = await roster();
  const approved = await approval();
  const record = await handover();
  const wish = await request();
  return [
    { at: '/' },
    { at: '/kabar' },
    { at: '/kabar?kategori=lingkungan&wilayah=62.71&bahasa=id' },
    { at: '/kabar?kategori=olahraga&bahasa=nij' },
    { at: article },
    { at: '/cari' },
    { at: '/cari?q=warga' },
    { at: '/cari?q=xyzxyz' },
    { at: '/kim' },
    { at: '/kim?q=riak&tema=budaya&status=dormant' },
    { at: `/kim/${home}` },
    { at: `/kim/${home}/riwayat` },
    { at: `/kim/${home}/sematan` },
    { at: `/kim/${home}/sematan/pasang` },
    { at: '/wilayah' },
    { at: '/wilayah?q=Pahandut' },
    { at: '/wilayah/62' },
    { at: '/wilayah/62.71' },
    { at: '/wilayah/62.71.01.1005' },
    { at: '/wilayah/62.71/aturan' },
    { at: '/wilayah/pilih' },
    { at: '/wilayah/pilih?q=Pahandut' },
    { at: '/wilayah/pilih?induk=62.71' },
    { at: '/masuk', send: 'Masuk', to: '/masuk' },
    { at: '/daftar', send: 'Daftar', to: '/daftar' },
    { at: '/lupa-sandi', send: 'Lanjut', to: '/lupa-sandi/slip' },
    { at: '/atur-sandi', with: 'slip', cookies: slip, send: 'Simpan', to: '/atur-sandi' },
    { at: '/masuk/kode', with: 'sandi', cookies: half, send: 'Masuk', to: '/masuk/kode' },
    { at: '/gabung' },
    { at: '/gabung', with: 'undangan', cookies: invitation },
    { at: '/gabung/daftar', with: 'undangan', cookies: invitation, send: 'Daftar dan lanjut', to: '/gabung/daftar' },
    { at: '/tentang' },
    { at: '/privasi' },
    { at: '/api' },
    { at: '/tidak-ada', status: 404 },
    { at: gone, status: 410 },

    { as: 'warga', at: '/' },
    { as: 'warga', at: '/meja' },
    { as: 'warga', at: '/akun' },
    { as: 'warga', at: '/akun/buktikan', send: 'Lanjut', to: '/akun/buktikan' },
    { as: 'warga', at: '/akun/keamanan' },
    { as: 'warga', at: '/akun/keamanan/aplikasi', send: 'Pasang', to: '/akun/keamanan/aplikasi' },
    { as: 'warga', at: '/akun/kontak', send: 'Simpan', to: '/akun/kontak' },
    { as: 'warga', at: '/gabung', with: 'undangan', cookies: invitation },
    { as: 'warga', at: '/akun/persetujuan' },
    { as: 'warga', at: '/akun/data' },
    { as: 'warga', at: '/akun/data/salinan' },
    { as: 'warga', at: '/akun/data/permohonan', send: 'Kirim permohonan', to: '/akun/data/permohonan' },
    { as: 'warga', at: '/kim/baru', send: 'Mulai mendaftar', to: '/kim/baru' },
    { as: 'warga', at: beginning },
    { as: 'warga', at: `${beginning}/ajukan` },
    { as: 'warga', at: register.open, send: 'Kirim klaim', to: register.open },
    { as: 'dinas', at: register.claim },
    { as: 'warga', at: '/bina', status: 403 },

    { as: 'anggota', at: '/meja' },
    { as: 'anggota', at: `/meja/tulisan?kim=${home}` },
    { as: 'anggota', at: `/meja/tulis?kim=${home}`, send: 'Kirim untuk dibaca', to: '/meja/tulis', fields: { kim: home, act: 'kirim' } },
    { as: 'anggota', at: draft },
    { as: 'anggota', at: `${draft}/pratinjau` },
    { as: 'anggota', at: `${draft}/riwayat` },
    { as: 'anggota', at: article },
    { as: 'anggota', at: `/meja/kim/${home}` },
    { as: 'anggota', at: `/meja/kim/${home}/anggota` },

    { as: 'penyunting', at: '/meja' },
    { as: 'penyunting', at: `/meja/tulisan?kim=${home}` },
    { as: 'penyunting', at: `${unread.replace('/periksa', '')}` },
    { as: 'penyunting', at: `${unread.replace('/periksa', '')}/periksa` },

    { as: 'pengurus', at: '/meja' },
    { as: 'pengurus', at: '/akun' },
    { as: 'pengurus', at: '/akun/serah-terima', send: 'Serahkan' },
    { as: 'pengurus', at: '/akun/pengganti' },
    { as: 'pengurus', at: `/meja/kim/${home}` },
    { as: 'pengurus', at: `/meja/kim/${home}/profil` },
    { as: 'pengurus', at: `/meja/kim/${home}/anggota` },
    { as: 'pengurus', at: `/meja/kim/${home}/anggota/baru`, send: 'Simpan', to: `/meja/kim/${home}/anggota/baru` },
    { as: 'pengurus', at: member },
    { as: 'pengurus', at: `/meja/kim/${home}/undangan` },
    { as: 'pengurus', at: `/meja/kim/${home}/serah-terima` },
    { as: 'pengurus', at: `/meja/kim/${home}/sk` },
    { as: 'pengurus', at: `/meja/kim/${home}/ajukan` },
    { as: 'pengurus', at: `/meja/kim/${home}/jabatan` },
    { as: 'pengurus', at: office, send: 'Serahkan jabatan', to: `${office}/serah` },
    { as: 'pengurus', at: `/meja/kim/${home}/sarana` },
    { as: 'pengurus', at: `/meja/kim/${home}/masih-aktif` },
    { as: 'pengurus', at: `/meja/kim/${home}/halaman` },
    { as: 'pengurus', at: `/meja/kim/${home}/ekspor` },
    { as: 'pengurus', at: `/meja/kim/${home}/impor`, send: 'Unggah dan periksa', to: `/meja/kim/${home}/impor` },
    { as: 'pengurus', at: `/meja/kim/${home}/impor/formulir` },
    { as: 'pengurus', at: people },

    { as: 'pemeriksa', at: '/meja' },
    { as: 'pemeriksa', at: '/bina' },
    { as: 'pemeriksa', at: '/bina/tanpa-pengurus' },
    { as: 'pemeriksa', at: queued, send: 'Verifikasi', to: `${queued}/verifikasi` },
    { as: 'pemeriksa', at: '/bina/verifikasi', send: 'Setujui yang dipilih', to: '/bina/verifikasi' },
    { as: 'pemeriksa', at: '/bina/verifikasi?status=disetujui' },
    { as: 'pemeriksa', at: approved },
    { as: 'pemeriksa', at: `/bina/kim/${home}/slip` },
    { as: 'pemeriksa', at: register.pair, send: 'Gabungkan', to: `${register.pair}/gabung` },
    { as: 'pembina', at: '/akun/serah-terima', send: 'Serahkan' },
    { as: 'pembina', at: record },
    { as: 'pembina', at: '/bina/cakupan' },
    { as: 'pembina', at: '/bina/cakupan?lihat=sinyal' },
    { as: 'pembina', at: '/bina/cakupan/daftar?lihat=kosong' },
    { as: 'pembina', at: `/bina/kim/${home}` },
    { as: 'pembina', at: '/bina/impor', send: 'Unggah dan periksa', to: '/bina/impor' },
    { as: 'pembina', at: '/bina/impor/formulir' },
    { as: 'pembina', at: register.waiting },
    { as: 'pembina', at: register.done },
    { as: 'pembina', at: '/bina/klaim' },
    { as: 'pembina', at: '/bina/ganda' },
    { as: 'pembina', at: '/bina/pindah' },
    { as: 'pembina', at: '/meja/tulisan' },
    { as: 'pembina', at: '/wilayah/62.71/aturan' },
    { as: 'dinas', at: '/meja' },

    { as: 'pengelola', at: '/kelola' },
    { as: 'pengelola', at: '/kelola/undangan', send: 'Buat undangan', to: '/kelola/undangan' },
    { as: 'pengelola', at: '/kelola/audit' },
    { as: 'pengelola', at: '/kelola/permohonan' },
    { as: 'pengelola', at: wish, send: 'Kirim jawaban', to: `${wish}/jawab` },
    { as: 'pengelola', at: account },
  ];
}

/** Routes that are no page of their own, and why; besides all below /api/, which programs read. */
export const apart = {
  'a file to download': [
    '/meja/kim/{slug}/sk/berkas/{id}', '/bina/cakupan.csv', '/bina/cakupan.xlsx', '/bina/impor/templat/{file}', '/bina/impor/{id}/ditolak/{file}',
    '/meja/kim/{slug}/impor/templat/{file}', '/meja/kim/{slug}/impor/{id}/ditolak/{file}', '/kim/ekspor/{file}', '/bina/ekspor/{file}',
    '/meja/kim/{slug}/anggota/ekspor/{file}', '/meja/kim/{slug}/ekspor/{file}',
  ],
  'a feed': [
    '/feed.atom', '/feed.json', '/kabar/kategori/{kategori}/{feed}', '/kim/{slug}/feed.atom', '/kim/{slug}/feed.json',
    '/wilayah/{code}/feed.atom', '/wilayah/{code}/feed.json',
  ],
  'read by programs': ['/sitemap.xml', '/sitemap/{part}', '/robots.txt'],
  'leads on to a page that is swept': [
    '/bahasa/{code}', '/gabung/{rahasia}', '/atur-sandi/{secret}', '/masuk/lewat/{provider}', '/masuk/lewat/{provider}/kembali',
  ],
  'stands only where the site sends e-mail, and the demo does not': ['/akun/email'],
  'leads to the new address of an old page; an unknown one is swept as 404': ['/{*lama}'],
};

export const named = ({ as = 'tamu', at, with: word = '' }) => `${as}${at}-${word}`.replace(/[^\w.-]+/g, '-').replace(/-+$/, '');

/** Logs everyone in first, so that the sweeps can run side by side. */
export const ready = async (table) => {
  for (const as of new Set(table.map((page) => page.as))) if (as) await session(as);
};
