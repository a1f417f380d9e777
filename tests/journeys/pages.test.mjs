// Every page at 320, 360 and 1280 px in the light, at 360 px in the dark: no console error, no sideways scroll, nothing for axe
// to find; a sample also without JavaScript. Pictures at 360 and 1280 px are left in SIMPUL_OUT.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import axe from 'axe-core';
import { button, close, out, proven, sideways, visitor } from '../kit.mjs';
import { named, pages, ready } from '../pages.mjs';

after(close);

const widths = [320, 360, 1280];
const pictured = [360, 1280];
const aa = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const coloured = axe.getRules(['cat.color']).filter(({ tags }) => tags.some((tag) => aa.includes(tag)));
/** WCAG 2.2 AA and good practice; in the dark scheme all of WCAG that depends on colours. */
const rules = {
  light: { type: 'tag', values: [...aa, 'best-practice'] },
  dark: { type: 'rule', values: coloured.map(({ ruleId }) => ruleId) },
};
/** Browsers that sweep at the same time. */
const hands = 2;

const table = await pages();
await ready(table);
await mkdir(out, { recursive: true });

/** What is wrong with the page as it stands, at every width and in both schemes. */
async function faults(page, name) {
  const wrong = [];
  await page.evaluate(axe.source);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    // Colours do not change with the width.
    for (const width of scheme === 'dark' ? [360] : widths) {
      const where = `${name}, ${width} px, ${scheme}`;
      await page.setViewportSize({ width, height: 800 });
      const over = await sideways(page);
      if (over > 0) wrong.push(`${where}: scrolls ${over} px sideways`);
      for (const fault of await page.evaluate(look, rules[scheme])) wrong.push(`${where}: ${fault}`);
      if (pictured.includes(width)) await page.screenshot({ path: join(out, `${name}-${width}-${scheme}.jpg`), type: 'jpeg', quality: 60, fullPage: true });
    }
  }
  // Two scripts once gave out the same id, and a label then named the wrong thing.
  for (const id of await page.evaluate(twice)) wrong.push(`${name}: id "${id}" stands twice`);
  return wrong;
}

/** In the page: what axe finds. */
async function look(runOnly) {
  const { violations } = await window.axe.run(document, { resultTypes: ['violations'], runOnly });
  return violations.map(({ id, nodes }) => `${id} (${nodes.length}) ${nodes[0].target.join(' ')}: ${nodes[0].failureSummary}`);
}

/** In the page: ids that more than one element bears. */
function twice() {
  const ids = Array.from(document.querySelectorAll('[id]'), (element) => element.id);
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
}

const where = (page) => new URL(page.url()).pathname;

/** One page, and what its form says when it is sent empty. */
async function sweep(page, entry) {
  const name = named(entry);
  page.faults.length = 0;
  let answer = await page.goto(entry.at);
  if (where(page) === '/akun/buktikan' && where(page) !== entry.at) {
    // The sweep takes longer than the password is taken for given.
    await proven(entry.as);
    answer = await page.goto(entry.at);
  }
  const wrong = [];
  if (answer.status() !== (entry.status ?? 200)) wrong.push(`${name}: answered ${answer.status()}`);
  if (where(page) !== entry.at.split('?')[0]) wrong.push(`${name}: led to ${page.url()}`);
  wrong.push(...(await faults(page, name)));
  if (entry.send) {
    await button(page, entry.send).first().click();
    await page.locator('.error-summary').waitFor({ timeout: 5000 }).catch(() => wrong.push(`${name}: no error summary after "${entry.send}"`));
    wrong.push(...(await faults(page, `${name}-kosong`)));
  }
  // The browser itself notes answers such as 404 and 422, which are meant here.
  const meant = (fault) => (entry.status || entry.send) && /status of (403|404|410|422)/.test(fault);
  wrong.push(...page.faults.filter((fault) => !meant(fault)).map((fault) => `${name}: ${fault}`));
  return wrong;
}

/** Works through a list with several hands; one page for each hand and account, and for each that holds more. */
async function share(list, work, options) {
  const left = [...list];
  const wrong = [];
  const hand = async () => {
    let page, whose;
    for (let entry; (entry = left.shift());) {
      const { as, cookies } = entry;
      if (!page || whose.as !== as || whose.cookies !== cookies) {
        await page?.context().close();
        page = await visitor({ as, cookies, ...options });
        whose = entry;
      }
      wrong.push(...(await work(page, entry)));
    }
    await page?.context().close();
  };
  await Promise.all(Array.from({ length: hands }, hand));
  return wrong;
}

test('every page stands at every width, in both schemes', { timeout: 1_200_000 }, async (t) => {
  const wrong = await share(table, sweep);
  assert.deepEqual(wrong, [], `${wrong.length} faults`);
  t.diagnostic(`${table.length} pages`);
});

test('every page stands without JavaScript', { timeout: 240_000 }, async () => {
  const wrong = await share(table.filter((entry) => !entry.status), async (page, entry) => {
    const name = named(entry);
    await page.goto(entry.at);
    const over = await sideways(page);
    // What needs script must not stand there.
    const dead = await page.locator('[data-copy]:visible, [data-share]:visible, .js-only:visible').allInnerTexts();
    return [over > 0 && `${name}: scrolls ${over} px sideways`, ...dead.map((text) => `${name}: "${text}" does nothing`)].filter(Boolean);
  }, { script: false, viewport: { width: 320, height: 800 } });
  assert.deepEqual(wrong, [], `${wrong.length} faults`);
});
