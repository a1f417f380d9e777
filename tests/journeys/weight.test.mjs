// The budgets of a first visit with prepaid data: bytes as they travel, counted by the browser itself.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { close, linkOn, visitor } from '../kit.mjs';

after(close);

const KiB = 1024;
const budget = { html: 14 * KiB, view: 60 * KiB, requests: 8, script: 12 * KiB };

/**
 * What a first visit loads at 360×800 on a phone with two device pixels to one. Pictures marked lazy that lie
 * below the first view are fetched ahead by Chromium (1250 px and more, by its guess of the network); they are
 * counted apart.
 */
async function firstView(path, headers = {}) {
  const page = await visitor({ deviceScaleFactor: 2, extraHTTPHeaders: headers });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  const loads = new Map();
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith('http')) loads.set(requestId, { path: new URL(request.url).pathname, bytes: 0 });
  });
  cdp.on('Network.responseReceived', ({ requestId, type }) => { if (loads.has(requestId)) loads.get(requestId).type = type; });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (loads.has(requestId)) loads.get(requestId).bytes = encodedDataLength; });
  await page.goto(path, { waitUntil: 'load' });
  await page.waitForLoadState('networkidle');
  const below = await page.evaluate(() =>
    Array.from(document.querySelectorAll('img[loading=lazy]'))
      .filter((img) => img.getBoundingClientRect().top >= innerHeight)
      .map((img) => new URL(img.currentSrc || img.src).pathname));
  await page.context().close();
  const ahead = [...loads.values()].filter(({ path: at }) => below.includes(at));
  const all = [...loads.values()].filter(({ path: at }) => !below.includes(at));
  const sum = (some) => some.reduce((total, { bytes }) => total + bytes, 0);
  return {
    html: sum(all.filter(({ type }) => type === 'Document')),
    script: sum(all.filter(({ type }) => type === 'Script')),
    view: sum(all),
    requests: all.length,
    ahead: `${ahead.length} pictures of ${sum(ahead)} bytes ahead`,
    told: all.map(({ path: at, bytes, type }) => `${type} ${at} ${bytes}`).join('\n'),
  };
}

const weigh = (name, find) =>
  test(`${name} keeps its budget`, { timeout: 30_000 }, async (t) => {
    const view = await firstView(await find());
    t.diagnostic(`html ${view.html}, script ${view.script}, whole ${view.view} bytes, ${view.requests} requests; ${view.ahead}`);
    for (const [what, most] of Object.entries(budget)) assert.ok(view[what] <= most, `${what}: ${view[what]} of ${most}\n${view.told}`);
  });

weigh('the home page', () => '/');
weigh('the list of news', () => '/kabar');
weigh('an article with a photograph', () => linkOn('/kim/riak-seberang', undefined, /^\/kabar\/[\w-]+$/));
weigh('the list of groups', () => '/kim');
weigh('the page of a group', () => '/kim/riak-seberang');
weigh('the page of a city', () => '/wilayah/62.71');
weigh('search', () => '/cari?q=warga');

test('an article with a photograph weighs 40 KiB for a reader who saves data', { timeout: 30_000 }, async (t) => {
  const path = await linkOn('/kim/riak-seberang', undefined, /^\/kabar\/[\w-]+$/);
  const view = await firstView(path, { 'save-data': 'on' });
  t.diagnostic(`whole ${view.view} bytes, ${view.requests} requests`);
  assert.match(view.told, /^Image \/media\//m, 'the article has a photograph');
  assert.ok(view.view <= 40 * KiB, `${view.view} bytes\n${view.told}`);
});
