// Every page is valid HTML: what the server sends, checked by the W3C's checker (vnu) in one run.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import vnu from 'vnu-jar';
import { ask } from '../kit.mjs';
import { named, pages, ready } from '../pages.mjs';

/** Warnings that are let pass, each with its reason. Errors never are. */
const allowed = [];

test('every page is valid HTML', { timeout: 180_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'simpul-html-'));
  try {
    const table = await pages();
    await ready(table);
    for (const page of table) {
      const answer = await ask(page.at, { as: page.as, cookies: page.cookies });
      assert.equal(answer.status, page.status ?? 200, `${named(page)}`);
      await writeFile(join(folder, `${named(page)}.html`), answer.text);
      if (page.to) {
        const refused = await ask(page.to, { as: page.as, cookies: page.cookies, fields: page.fields ?? {} });
        assert.equal(refused.status, 422, `an empty form to ${page.to}`);
        await writeFile(join(folder, `${named(page)}-kosong.html`), refused.text);
      }
    }
    const told = await new Promise((resolve, reject) => {
      execFile('java', ['-jar', String(vnu), '--exit-zero-always', '--format', 'json', folder], { maxBuffer: 1 << 26 }, (error, _, stderr) => (error ? reject(error) : resolve(stderr)));
    });
    const wrong = [];
    for (const { type, subType, url, lastLine, message, extract } of JSON.parse(told).messages) {
      if (type === 'info' && (subType !== 'warning' || allowed.some((words) => message.includes(words)))) continue;
      wrong.push(`${basename(decodeURIComponent(url))}:${lastLine} ${message} — ${extract}`);
    }
    assert.deepEqual(wrong, [], `${wrong.length} faults`);
    t.diagnostic(`${table.length} pages`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
