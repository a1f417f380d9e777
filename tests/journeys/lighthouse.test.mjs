// What Lighthouse says of the pages that residents open, at its own phone size. Speed is not asserted here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { flags, linkOn, url } from '../kit.mjs';

const wanted = ['accessibility', 'best-practices', 'seo'];

test('Lighthouse finds nothing to mend', { timeout: 240_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'simpul-lighthouse-'));
  const chrome = await launch({ chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromeFlags: flags, userDataDir: folder });
  t.after(async () => {
    await chrome.kill();
    await rm(folder, { recursive: true, force: true });
  });
  const article = await linkOn('/kim/riak-seberang', undefined, /^\/kabar\/[\w-]+$/);
  for (const path of ['/', '/kabar', article, '/kim', '/kim/riak-seberang', '/wilayah/62.71', '/cari?q=warga']) {
    const { lhr } = await lighthouse(url(path), { port: chrome.port, onlyCategories: wanted, output: 'json', logLevel: 'error' });
    const faults = Object.values(lhr.audits)
      .filter(({ score, scoreDisplayMode }) => score !== null && score < 1 && scoreDisplayMode === 'binary')
      .map(({ id }) => id);
    const scores = wanted.map((name) => Math.round(100 * lhr.categories[name].score));
    t.diagnostic(`${path} ${scores.join(' ')} ${faults.join(' ')}`);
    // A list that depends on its query is kept out of search engines on purpose.
    const exempt = path.startsWith('/cari') ? ['seo'] : [];
    for (const [at, name] of wanted.entries()) {
      if (!exempt.includes(name)) assert.equal(scores[at], 100, `${path} ${name}: ${faults.join(', ')}`);
    }
  }
});
