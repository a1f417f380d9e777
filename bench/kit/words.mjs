// Made-up Indonesian: the same number always gives the same story. Words are drawn as in real text,
// a few often and most seldom (rank r about 1/r), from the roots that the search knows.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const ROOTS = join(root, "data/search/roots.txt");

const COMMON = `yang dan di untuk dengan dari ini pada tidak akan itu warga oleh juga dalam sudah ada karena ke bisa lebih
  para saat atau kami mereka masih tahun hari setelah sampai serta agar kota desa kelurahan kampung rumah air anak ibu bapak
  sungai jalan pasar sekolah kebun sawah padi ikan perahu dermaga jembatan posyandu puskesmas bidan guru petani nelayan pemuda
  kelompok informasi masyarakat kegiatan pelatihan bantuan usaha produk anyaman rotan kerajinan harga pupuk bibit banjir hujan
  asap kebakaran kesehatan vaksin gizi balita lansia bersih sampah listrik jaringan internet berita kabar pengumuman rapat
  musyawarah lurah camat dinas pemerintah program layanan kartu surat gotong royong budaya tari musik adat lomba juara`.split(/\s+/);

/** Small seeded generator (mulberry32): numbers from 0 to below 1. */
const random = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

const vocabulary = (() => {
  const plain = COMMON.map((word) => [word, ""]);
  const known = new Set(COMMON);
  const rest = readFileSync(ROOTS, "utf8").trim().split("\n").map((line) => line.split(" "))
    .filter(([word]) => word.length > 2 && !known.has(word)).map(([word, marks = ""]) => [word, marks]);
  const next = random(62_71);
  for (let i = rest.length - 1; i > 0; i -= 1) {
    const j = Math.floor(next() * (i + 1));
    [rest[i], rest[j]] = [rest[j], rest[i]];
  }
  return [...plain, ...rest];
})();

/** A word between two ranks. */
const draw = (next, low = 1, high = vocabulary.length) => vocabulary[Math.floor(low * (high / low) ** next()) - 1];

/** Some wear an affix. */
const dressed = (next, [word, marks]) => {
  const chance = next();
  if (chance < 0.1 && marks.includes("m")) return `di${word}`;
  if (chance < 0.17 && marks.includes("b")) return `ber${word}`;
  if (chance < 0.22 && marks.includes("a")) return `${word}an`;
  return chance < 0.25 && marks ? `${word}nya` : word;
};

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const between = (next, least, most) => least + Math.floor(next() * (most - least + 1));
const several = (next, count, one) => Array.from({ length: count }, one).join(" ");
const sentence = (next) => `${capital(several(next, between(next, 6, 16), () => dressed(next, draw(next))))}.`;
const cut = (text, most) => (text.length <= most ? text : text.slice(0, text.lastIndexOf(" ", most)));

const CATEGORIES = ["kabar", "pengumuman", "kesehatan", "pertanian", "lingkungan", "usaha", "budaya", "pendidikan", "pelayanan", "kebencanaan", "olahraga"];
const FIRST = Date.UTC(2024, 0, 1);

/** Story n for the API: about 220 words; four minutes after the one before. */
export const story = (n) => {
  const next = random(Math.imul(n + 1, 2_654_435_761));
  const paragraphs = Array.from({ length: between(next, 4, 7) }, () => `<p>${several(next, between(next, 2, 5), () => sentence(next))}</p>`);
  paragraphs.splice(2, 0, `<h2>${capital(several(next, 3, () => draw(next, 20)[0]))}</h2>`);
  return {
    kim: "riak-seberang",
    title: cut(capital(several(next, between(next, 4, 8), () => dressed(next, draw(next, 12)))), 120),
    lead: cut(`${sentence(next)} ${sentence(next)}`, 290),
    body_html: paragraphs.join(""),
    category: CATEGORIES[n % CATEGORIES.length],
    tags: n % 3 === 0 ? [draw(next, 30, 400)[0], draw(next, 30, 400)[0]].filter((tag, i, all) => all.indexOf(tag) === i) : [],
    status: "published",
    published_at: new Date(FIRST + n * 240_000).toISOString(),
  };
};

/** Story n without a time: published now. */
export const fresh = (n) => {
  const { published_at: _, ...rest } = story(n);
  return rest;
};

/** Queries of two or three words that never come twice; one in ten has a letter too few. */
export const queries = (seed) => {
  const next = random(seed);
  const given = new Set();
  return () => {
    for (;;) {
      const words = Array.from({ length: between(next, 2, 3) }, () => dressed(next, draw(next, 20, 8000)));
      if (next() < 0.1) words[0] = words[0].slice(0, 2) + words[0].slice(3);
      const query = words.join(" ");
      if (given.has(query)) continue;
      given.add(query);
      return query;
    }
  };
};
