// The pages that every sweep visits: whose they are, where they lie, and which form to send empty.
import { ask, linkOn, session } from './kit.mjs';

const home = 'riak-seberang';
const own = /^\/meja\/tulisan\/\d+$/;
const waiting = /^\/meja\/tulisan\/\d+\/periksa$/;

/**
 * `at`: the path. `as`: the account, none for a stranger. `send`: the button to press with nothing filled in,
 * `to`: where that form goes. `status`: what the server answers when not 200.
 */
export async function pages() {
  const draft = await draftOf('anggota');
  const article = await linkOn(`/kim/${home}`, undefined, /^\/kabar\/[\w-]+$/);
  const queued = await linkOn('/bina', 'pemeriksa', /^\/bina\/kim\/[\w-]+$/);
  const unread = await linkOn('/meja', 'penyunting', waiting).catch(() => linkOn(`/meja/tulisan?kim=${home}`, 'penyunting', own));
  const member = await linkOn(`/meja/kim/${home}/anggota`, 'pengurus', /^\/meja\/kim\/[\w-]+\/anggota\/\d+$/);
  const office = await linkOn(`/meja/kim/${home}/jabatan`, 'pengurus', /^\/meja\/kim\/[\w-]+\/jabatan\/\d+$/);
  const account = await linkOn('/kelola?q=warga', 'pengelola', /^\/kelola\/akun\/\d+$/);
  const beginning = await groupOf('warga');
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
    { at: '/gabung' },
    { at: '/tentang' },
    { at: '/privasi' },
    { at: '/api' },
    { at: '/tidak-ada', status: 404 },

    { as: 'warga', at: '/' },
    { as: 'warga', at: '/meja' },
    { as: 'warga', at: '/akun' },
    { as: 'warga', at: '/akun/persetujuan' },
    { as: 'warga', at: '/akun/data' },
    { as: 'warga', at: '/akun/data/salinan' },
    { as: 'warga', at: '/akun/data/permohonan', send: 'Kirim permohonan', to: '/akun/data/permohonan' },
    { as: 'warga', at: '/kim/baru', send: 'Mulai mendaftar', to: '/kim/baru' },
    { as: 'warga', at: beginning },
    { as: 'warga', at: `${beginning}/ajukan` },
    { as: 'warga', at: '/bina', status: 403 },

    { as: 'pemeriksa', at: `/bina/kim/${home}/slip` },
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
    { as: 'pengurus', at: '/akun/serah-terima' },
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

    { as: 'pemeriksa', at: '/meja' },
    { as: 'pemeriksa', at: '/bina' },
    { as: 'pemeriksa', at: '/bina/tanpa-pengurus' },
    { as: 'pemeriksa', at: queued, send: 'Verifikasi', to: `${queued}/verifikasi` },
    { as: 'pemeriksa', at: '/bina/verifikasi', send: 'Setujui yang dipilih', to: '/bina/verifikasi' },
    { as: 'pemeriksa', at: '/bina/verifikasi?status=disetujui' },
    { as: 'pembina', at: '/bina/cakupan' },
    { as: 'pembina', at: '/bina/cakupan?lihat=sinyal' },
    { as: 'pembina', at: '/bina/cakupan/daftar?lihat=kosong' },
    { as: 'pembina', at: `/bina/kim/${home}` },
    { as: 'pembina', at: '/meja/tulisan' },
    { as: 'pembina', at: '/wilayah/62.71/aturan' },
    { as: 'dinas', at: '/meja' },

    { as: 'pengelola', at: '/kelola' },
    { as: 'pengelola', at: '/kelola/undangan', send: 'Buat undangan', to: '/kelola/undangan' },
    { as: 'pengelola', at: '/kelola/audit' },
    { as: 'pengelola', at: '/kelola/permohonan' },
    { as: 'pengelola', at: account },
  ];
}

export const named = ({ as = 'tamu', at }) => `${as}${at}`.replace(/[^\w.-]+/g, '-').replace(/-+$/, '');

/** A draft of this account, with every kind of text; begun once and then found again. */
async function draftOf(as) {
  const title = 'Draf untuk uji halaman';
  const { text } = await ask(`/meja/tulisan?kim=${home}&q=${encodeURIComponent(title)}`, { as });
  const known = /href="(\/meja\/tulisan\/\d+)"/.exec(text);
  if (known) return known[1];
  const body = '<h2>Bagian</h2><p>Satu <strong>dua</strong> <a href="https://contoh.id">tiga</a>.</p><ul><li>empat</li></ul><blockquote><p>lima</p></blockquote>';
  const fields = { kim: home, title, lead: 'Ringkasan.', body, category: 'kabar', tags: 'uji, halaman', lang: 'id', act: 'draf' };
  const answer = await ask('/meja/tulis', { as, fields });
  return new URL(answer.headers.get('location'), 'http://x').pathname;
}

/** A group that this account has begun to register; begun once and then found again. */
async function groupOf(as) {
  const known = await linkOn('/meja', as, /^\/meja\/kim\/[\w-]+$/).catch(() => undefined);
  if (known) return known;
  const answer = await ask('/kim/baru', { as, fields: { nama: 'KIM Baru Mulai', wilayah: '62.71.01.1002', jabatan: 'chair', lahir: '1990' } });
  return new URL(answer.headers.get('location'), 'http://x').pathname;
}

/** Logs everyone in first, so that the sweeps can run side by side. */
export const ready = async (table) => {
  for (const as of new Set(table.map((page) => page.as))) if (as) await session(as);
};
