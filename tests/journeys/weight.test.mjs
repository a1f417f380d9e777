// The budgets of a first visit with prepaid data: bytes as they travel, counted by the browser itself.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ask, close, linkOn, url, visitor } from '../kit.mjs';

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

const article = () => linkOn('/kim/riak-seberang', undefined, /^\/kabar\/[\w-]+$/);

weigh('the home page', () => '/');
weigh('the list of news', () => '/kabar');
weigh('an article with a photograph', article);
weigh('the list of groups', () => '/kim');
weigh('the page of a group', () => '/kim/riak-seberang');
weigh('the page of a city', () => '/wilayah/62.71');
weigh('search', () => '/cari?q=warga');

test('an article with a photograph weighs 40 KiB for a reader who saves data', { timeout: 30_000 }, async (t) => {
  const view = await firstView(await article(), { 'save-data': 'on' });
  t.diagnostic(`whole ${view.view} bytes, ${view.requests} requests`);
  assert.match(view.told, /^Image \/media\//m, 'the article has a photograph');
  assert.ok(view.view <= 40 * KiB, `${view.view} bytes\n${view.told}`);
});

// --- the largest part of the first view on a slow signal

/** A village with one bar: 400 ms there and back, 400 kbit/s. */
const signal = { latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8 };
/** Bytes that arrive within 2.5 s, after one round trip for the page and one for what it names. */
const early = signal.downloadThroughput * (2.5 - (2 * signal.latency) / 1000);

/** In the page, before anything of it: remembers the largest part that was painted. */
function watch() {
  new PerformanceObserver((list) => { window.largest = list.getEntries().at(-1); }).observe({ type: 'largest-contentful-paint', buffered: true });
}

/** In the page: what was painted last and largest, what the first paint waited for, and how fonts come. */
function painted() {
  const { renderTime, loadTime, url: picture, element } = window.largest;
  const fonts = Array.from(document.styleSheets).flatMap((sheet) => Array.from(sheet.cssRules)).filter((rule) => rule instanceof CSSFontFaceRule);
  return {
    at: Math.round(renderTime || loadTime),
    picture,
    what: element?.tagName.toLowerCase(),
    awaited: performance.getEntriesByType('resource').filter((one) => one.renderBlockingStatus === 'blocking').map((one) => one.name),
    fonts: fonts.map((rule) => rule.style.getPropertyValue('font-display') || 'auto'),
  };
}

/** Opens a page for the first time on that signal. The time is told; asserted is what does not depend on the machine. */
const wait = (name, find) =>
  test(`${name} shows itself within 2.5 seconds on a slow signal`, { timeout: 60_000 }, async (t) => {
    const path = await find();
    const page = await visitor({ deviceScaleFactor: 2 });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
    await cdp.send('Network.emulateNetworkConditions', { offline: false, ...signal });
    const loads = new Map();
    cdp.on('Network.responseReceived', ({ requestId, type, response }) => loads.set(requestId, { type, url: response.url, bytes: 0 }));
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (loads.has(requestId)) loads.get(requestId).bytes = encodedDataLength; });
    await page.addInitScript(watch);
    await page.goto(path, { waitUntil: 'load' });
    await page.waitForLoadState('networkidle');
    const seen = await page.evaluate(painted);
    await page.context().close();

    const needed = [...loads.values()].filter(({ type, url: at }) => type === 'Document' || type === 'Stylesheet' || at === seen.picture);
    const bytes = needed.reduce((sum, one) => sum + one.bytes, 0);
    const told = needed.map(({ type, url: at, bytes: some }) => `${type} ${new URL(at).pathname} ${some}`).join('\n');
    t.diagnostic(`largest: ${seen.what}${seen.picture ? ' with a picture' : ''} after ${seen.at} ms; ${bytes} bytes of ${early}`);
    assert.ok(needed.some(({ type }) => type === 'Stylesheet') && bytes > 0, told);
    assert.ok(bytes <= early, `${bytes} of ${early} bytes\n${told}`);
    assert.ok(seen.awaited.length, 'the first paint waits for the style at least');
    assert.deepEqual(seen.awaited.filter((at) => !new URL(at).pathname.endsWith('.css')), [], 'and for nothing else');
    assert.deepEqual(seen.fonts.filter((display) => !['optional', 'swap'].includes(display)), [], 'no text waits for its font');
  });

wait('the home page', () => '/');
wait('the list of news', () => '/kabar');
wait('an article with a photograph', article);
wait('the page of a group', () => '/kim/riak-seberang');

test('what a chat shows of a shared page weighs at most 300 KB', { timeout: 30_000 }, async (t) => {
  for (const path of ['/', '/kabar', await article(), '/kim', '/kim/riak-seberang', '/wilayah/62.71']) {
    const { text } = await ask(path);
    const picture = /property="og:image" content="([^"]+)"/.exec(text)?.[1];
    assert.ok(picture, `${path} has no picture to share`);
    const answer = await fetch(url(new URL(picture).pathname));
    const bytes = (await answer.arrayBuffer()).byteLength;
    t.diagnostic(`${path} ${picture} ${bytes}`);
    assert.equal(answer.status, 200, picture);
    assert.match(answer.headers.get('content-type'), /^image\/(jpeg|png)/, picture);
    assert.ok(bytes > 0 && bytes <= 300_000, `${path}: ${bytes} bytes`);
  }
});
