// Walking through pages by keyboard alone, with an eye on what holds the focus.
import assert from 'node:assert/strict';

/** What has the focus: its words, whether a ring is drawn, whether it stands in view. */
export const focus = (page) => page.evaluate(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return { name: '', tag: 'body' };
  const labels = [...(element.labels ?? [])].map((label) => label.textContent);
  const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '');
  const name = [element.getAttribute('aria-label'), ...by, ...labels, element.textContent].find((text) => text?.trim()) ?? '';
  // A choice is drawn by the words beside it, not by the small circle.
  const beside = element.matches('input[type=radio], input[type=checkbox], input[type=file]') ? element.nextElementSibling : null;
  const drawn = [element, beside, element.closest('label')].filter(Boolean).map((one) => getComputedStyle(one));
  // The last stop in a date is the browser's own button for its calendar; the browser rings that itself.
  const calendar = element.matches('input[type=date]:not(:focus)');
  const ring = calendar || drawn.some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none');
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
export async function tabTo(page, wanted, key = 'Tab') {
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
export async function enter(page) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

/** Presses Enter and waits for the page that follows; there, Tab begins at the top. */
export async function reach(page) {
  await enter(page);
  await page.keyboard.press('Tab');
  const now = await focus(page);
  assert.ok(await page.evaluate(() => document.activeElement.matches('.skip')), `${page.url()} begins with ${now.tag} "${now.name}"`);
  assert.ok(now.ring, 'the link over the menu shows its focus');
}

/** After something happened within the page, the focus is where it was, and is seen. */
export async function held(page, name) {
  const now = await focus(page);
  assert.notEqual(now.tag, 'body', `the focus was lost from "${name}" at ${page.url()}`);
  assert.ok(typeof name === 'string' ? now.name === name : name.test(now.name), `the focus went from ${name} to ${now.tag} "${now.name}" at ${page.url()}`);
  assert.ok(now.ring, `no visible focus on ${now.tag} "${now.name}" at ${page.url()}`);
}

/** Writes into the field that Tab comes to. */
export async function write(page, label, text) {
  await tabTo(page, label);
  await page.keyboard.type(text);
}

/** Ticks or picks what Tab comes to, with the space bar. */
export async function tick(page, label) {
  await tabTo(page, label);
  await page.keyboard.press('Space');
  await held(page, label);
  assert.ok(await page.evaluate(() => document.activeElement.checked), `${label} is not ticked`);
}

/** Opens the part of a page that Tab comes to. */
export async function unfold(page, label) {
  await tabTo(page, label);
  await page.keyboard.press('Enter');
  await held(page, label);
  assert.ok(await page.evaluate(() => document.activeElement.closest('details').open), `${label} did not open`);
}

/** Finds a place by its first letters and takes the first one offered. */
export async function place(page, label, letters) {
  await write(page, label, letters);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  const offered = await page.evaluate(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent);
  assert.ok(offered, 'the arrow marks a place');
  await page.keyboard.press('Enter');
  await page.getByRole('listbox').waitFor({ state: 'hidden' });
  await held(page, label);
}
