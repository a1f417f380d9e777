// What the journeys share: one Chromium, visitors, sessions of the demo's accounts, forms sent without a browser.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const base = process.env.SIMPUL_URL ?? 'http://localhost:8080';
export const out = process.env.SIMPUL_OUT ?? join(import.meta.dirname ?? '.', 'out');
export const url = (path) => new URL(path, base).href;
/** A short word that no other run uses. */
export const fresh = () => randomBytes(4).toString('hex').replace(/\d/g, (digit) => 'ghjkmnpqrs'[digit]);

export const flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
let launched;
export const browser = () =>
  (launched ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags }));
export const close = async () => (await launched)?.close();

/** The phone that Simpul is made for. */
export const phone = { width: 360, height: 800 };

/**
 * A visitor with a browser of their own. `as` is an account of the demo; `script: false` turns JavaScript off;
 * `cookies` are what the browser holds already, by name.
 * `page.faults` collects what no page may do: console errors, exceptions, dialogs, requests to other hosts.
 */
export async function visitor({ as, cookies, script = true, ...options } = {}) {
  const context = await (await browser()).newContext({
    baseURL: base, viewport: phone, locale: 'id-ID', timezoneId: 'Asia/Pontianak', reducedMotion: 'reduce',
    javaScriptEnabled: script, ...options,
  });
  context.setDefaultTimeout(10_000);
  // A `__Host-` cookie is only taken from an encrypted address; the browser sends it to http://localhost as well.
  const from = base.replace(/^http:/, 'https:');
  const held = { ...(as && { [sessionCookie]: await session(as) }), ...cookies };
  await context.addCookies(Object.entries(held).map(([name, value]) => ({ name, value, url: from, secure: true, httpOnly: true, sameSite: 'Lax' })));
  const page = await context.newPage();
  page.faults = [];
  page.on('console', (message) => { if (message.type() === 'error') page.faults.push(message.text()); });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('dialog', (dialog) => {
    // "Leave the page?" is asked only when a test forgot to save.
    page.faults.push(`dialog: ${dialog.type()} ${dialog.message()}`);
    return dialog.accept();
  });
  page.on('request', (request) => {
    if (!/^(data|blob|about):/.test(request.url()) && !request.url().startsWith(base)) page.faults.push(`request to ${request.url()}`);
  });
  return page;
}

/** Steps of one journey: when one fails, the following are skipped, because they stand on it. */
export function steps(t) {
  let failed;
  return (name, walk) => t.test(name, async (step) => {
    if (failed) return step.skip(`after "${failed}"`);
    try {
      await walk(step);
    } catch (error) {
      failed = name;
      throw error;
    }
  });
}

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const field = (page, label) => page.getByLabel(label, { exact: true });

/**
 * Presses a button that sends its form; fails with the page's own words when the server was not content.
 * What is shown once, such as a secret, comes as the answer itself: 200.
 */
export async function send(page, name, wanted = 303) {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest() && response.request().method() === 'POST'),
    button(page, name).first().click(),
  ]);
  await page.waitForLoadState();
  const status = answer.status();
  assert.equal(status, wanted, `"${name}" at ${page.url()} answered ${status}: ${await words(page)}`);
}

/** What the page says, short. */
export const words = async (page) => (await page.locator('main').innerText()).replace(/\s+/g, ' ').slice(0, 600);

/** The message after an action. */
export async function told(page, text) {
  const said = await page.locator('.flash').innerText();
  assert.ok(said.includes(text), `expected "${text}", the page said "${said}"`);
}

/** How far the page can be scrolled sideways, in pixels. */
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A photograph: text drawn by the browser and saved as JPEG. */
export async function photograph(text, width = 900, height = 600) {
  const context = await (await browser()).newContext({ viewport: { width, height } });
  const page = await context.newPage();
  await page.setContent(`<body style="margin:0;display:grid;place-items:center;height:100vh;font:40px serif;background:linear-gradient(#cfe3e0,#e8d9b5)">${text}`);
  const buffer = await page.screenshot({ type: 'jpeg', quality: 80 });
  await context.close();
  return { name: 'foto.jpg', mimeType: 'image/jpeg', buffer };
}

// --- sessions of the demo's accounts, and requests without a browser

const sessionCookie = '__Host-simpul';
const sessions = new Map();

/** The password that `simpul demo` printed. */
export async function password() {
  const file = process.env.SIMPUL_ACCOUNTS;
  const printed = file ? await readFile(file, 'utf8') : '';
  return /password: (.+)/.exec(printed)?.[1] ?? 'demo palangka raya';
}

/**
 * GET or, with `fields`, POST as one account; redirects are not followed. `file` goes along as `{ field, name, text }`.
 * The body is read whole, as an unread one keeps the process waiting.
 */
export async function ask(path, { as, cookie, cookies = {}, fields, file, headers = {} } = {}) {
  const secret = cookie ?? (as && (await session(as)));
  const held = { ...(secret && { [sessionCookie]: secret }), ...cookies };
  if (Object.keys(held).length) headers = { ...headers, cookie: Object.entries(held).map((pair) => pair.join('=')).join('; ') };
  let body = fields && new URLSearchParams({ _kunci: key(), ...fields });
  if (file) {
    body = new FormData();
    for (const [name, value] of Object.entries({ _kunci: key(), ...fields })) body.append(name, value);
    body.append(file.field, new Blob([file.text], { type: 'text/csv' }), file.name);
  }
  const answer = await fetch(url(path), { method: body ? 'POST' : 'GET', body, headers: { 'accept-language': 'id', ...headers }, redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, cookies: laid(answer.headers.getSetCookie()), text: await answer.text() };
}

const key = () => randomBytes(16).toString('hex');

/** The cookies that an answer sets, by name. */
const laid = (lines) => Object.fromEntries(lines.map((line) => /^([^=]+)=([^;]*)/.exec(line).slice(1)));

/**
 * The session of a demo account. Kept between the files of a run, because the server
 * takes 30 logins in ten minutes from one address.
 */
export const session = (as) => {
  if (!sessions.has(as)) sessions.set(as, begin(as));
  return sessions.get(as);
};

async function begin(as) {
  const folder = join(tmpdir(), 'simpul-journeys');
  const file = join(folder, `${new URL(base).host.replace(':', '-')}-${as}`);
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept && (await ask('/akun', { cookie: kept })).status === 200) return kept;
  const answer = await ask('/masuk', { fields: { masuk: as, sandi: await password() } });
  assert.equal(answer.status, 303, `logging in as ${as} answered ${answer.status}`);
  const secret = answer.cookies[sessionCookie];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, secret, { mode: 0o600 });
  return secret;
}

/** Registers a person through the page. The server takes ten in an hour from one address; a restart forgets them. */
export async function register(page, name, login) {
  await page.goto('/daftar');
  await field(page, 'Nama Anda').fill(name);
  await field(page, 'Nomor WhatsApp, email, atau nama pengguna').fill(login);
  await field(page, 'Kata sandi').fill(own);
  await page.getByRole('checkbox', { name: /Nama saya boleh tampil/ }).check();
  await send(page, 'Daftar');
}

/**
 * An account of its own, registered without a browser; what its browser holds. The server takes ten registrations
 * in an hour from one address, so each comes from another address of this machine.
 */
export async function newcomer(name, login) {
  const { hostname, port, host } = new URL(base);
  const body = String(new URLSearchParams({ _kunci: key(), nama: name, masuk: login, sandi: own, setuju: 'nama' }));
  const local = /^(localhost|127\.)/.test(hostname);
  const from = local && { host: '127.0.0.1', localAddress: `127.${[...randomBytes(3)].map((byte) => 1 + (byte % 254)).join('.')}` };
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length, 'accept-language': 'id' };
  const answer = await new Promise((resolve, reject) => {
    request({ host: hostname, port, path: '/daftar', method: 'POST', headers, ...from }, resolve).on('error', reject).end(body);
  });
  answer.resume();
  assert.equal(answer.statusCode, 303, `registering ${login} answered ${answer.statusCode}`);
  return laid(answer.headers['set-cookie'] ?? []);
}

/** The password of everyone who registers here. */
export const own = 'rakit hanyut di kahayan';

/** Accepts an invitation; one for officers and editors asks whether they are of age. */
export async function accept(page) {
  const adult = page.getByLabel('Saya sudah berusia 18 tahun atau lebih');
  if (await adult.count()) await adult.check();
  await send(page, 'Terima undangan');
}

/** A phone with a screen lock that its owner opens at once. */
export async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options });
}

/** Opens a page that asks for the password again when it was not given lately. */
export async function prove(page, path) {
  await page.goto(path);
  if (new URL(page.url()).pathname !== '/akun/buktikan') return;
  await field(page, 'Kata sandi').fill(await password());
  await send(page, 'Lanjut');
}

/** Gives the password again for a session, so that the pages which ask for it open. */
export async function proven(as) {
  const answer = await ask('/akun/buktikan', { as, fields: { lalu: '/akun', sandi: await password() } });
  assert.equal(answer.status, 303, `proving as ${as} answered ${answer.status}`);
}

/** Waits for what follows in the background: looks until it is there, or gives the last answer. */
export async function soon(look, most = 5000) {
  const end = Date.now() + most;
  for (;;) {
    const seen = await look();
    if (seen || Date.now() > end) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The first link on a page that matches, as its path. */
export async function linkOn(path, as, pattern) {
  const { text } = await ask(path, { as });
  const found = [...text.matchAll(/href="([^"]+)"/g)].map(([, href]) => href.replaceAll('&amp;', '&')).find((href) => pattern.test(href));
  assert.ok(found, `${path} has no link like ${pattern}`);
  return found;
}
