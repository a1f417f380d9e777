// The main tasks by keyboard alone: skip to the content, search, open a story, log in, write with the toolbar,
// send. Whatever holds the focus can be seen to hold it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, fresh, password, sideways, steps, told, visitor, words } from '../kit.mjs';

after(close);

/** What has the focus: its words, whether a ring is drawn, whether it stands in view. */
const focus = (page) => page.evaluate(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return { name: '', seen: true };
  const labels = [...(element.labels ?? [])].map((label) => label.textContent);
  const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '');
  const name = [element.getAttribute('aria-label'), ...by, ...labels, element.textContent].find((text) => text?.trim()) ?? '';
  // A choice is drawn by the words beside it, not by the small circle.
  const beside = element.matches('input[type=radio], input[type=checkbox], input[type=file]') ? element.nextElementSibling : null;
  const drawn = [element, beside, element.closest('label')].filter(Boolean).map((one) => getComputedStyle(one));
  const ring = drawn.some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none');
  const box = element.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height, 20) / 2);
  return {
    name: name.replace(/\s+/g, ' ').trim(),
    tag: element.tagName.toLowerCase(),
    ring,
    inView: box.bottom > 0 && box.top < innerHeight,
    covered: !!at && at !== element && !element.contains(at) && !at.contains(element) && !element.closest('label')?.contains(at),
  };
});

/** Presses Tab until the focus is on what `wanted` names; every stop on the way must be visible. */
async function tabTo(page, wanted, key = 'Tab') {
  const way = [];
  for (let stops = 0; stops < 80; stops++) {
    await page.keyboard.press(key);
    const now = await focus(page);
    way.push(now.name);
    if (now.name) {
      assert.ok(now.ring, `no visible focus on ${now.tag} "${now.name}" at ${page.url()}`);
      assert.ok(now.inView, `${now.tag} "${now.name}" has the focus out of view at ${page.url()}`);
      assert.ok(!now.covered, `${now.tag} "${now.name}" has the focus behind something else at ${page.url()}`);
    }
    if (typeof wanted === 'string' ? now.name === wanted : wanted.test(now.name)) return;
  }
  assert.fail(`Tab never came to ${wanted} at ${page.url()}: ${way.join(' → ')}`);
}

/** Presses Enter and waits for the page that follows. */
async function enter(page) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

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
