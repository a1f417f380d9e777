// Every page that the app serves is among those that the sweeps visit, or it says why not.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { apart, pages } from '../pages.mjs';

const root = join(import.meta.dirname, '../..');

/** The routes of a reader in all slices and the app, as they are written: `get("/kim", …`, in a slice also `page(`. */
async function routes() {
  const found = new Set();
  for (const folder of ['slices', 'app/src']) {
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!file.endsWith('.rs') || /tests|testing/.test(file)) continue;
      const [code] = (await readFile(join(root, folder, file), 'utf8')).split('#[cfg(test)]\nmod tests {');
      for (const [, path] of code.matchAll(/(?<![\w.])(?:get|page)\(\s*"(\/[^"]*)",/g)) found.add(path);
    }
  }
  // What the app serves beside the slices is files and answers to programs; a new one is looked at here.
  const beside = (await readFile(join(root, 'kit/web/src/app.rs'), 'utf8')).matchAll(/\.route\(\s*"([^"]+)"/g);
  assert.deepEqual([...beside].map(([, path]) => path), ['/aset/{name}', '/media/{name}', '/healthz', '/readyz']);
  return [...found];
}

const fits = (route, path) => new RegExp(`^${route.replaceAll('.', '\\.').replace(/\{\*\w+\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
const openness = (route) => route.split('{').length + 10 * route.includes('{*');

test('every page is swept', { timeout: 60_000 }, async (t) => {
  // Of several routes that fit a path, the one with the fewest open parts takes it.
  const all = (await routes()).sort((a, b) => openness(a) - openness(b));
  const matrix = await readFile(join(root, 'app/tests/routes.rs'), 'utf8');
  const known = [...matrix.matchAll(/\("GET", "([^"]+)"/g)].map(([, path]) => path);
  assert.deepEqual(known.filter((path) => !all.includes(path)), [], 'in the permission matrix, but not found in the code');
  const excused = [...Object.values(apart).flat(), ...all.filter((route) => route.startsWith('/api/'))];
  assert.deepEqual(excused.filter((route) => !all.includes(route)), [], 'excused, but no route');

  const table = (await pages()).filter(({ status }) => !status);
  const routeOf = ({ at }) => all.find((route) => fits(route, at.split('?')[0]));
  assert.deepEqual(table.filter((entry) => !routeOf(entry)), [], 'swept, but no route');
  const swept = new Set(table.map(routeOf));
  assert.deepEqual(all.filter((route) => !swept.has(route) && !excused.includes(route)), [], 'no sweep visits these pages: add them to tests/pages.mjs');
  assert.deepEqual(excused.filter((route) => swept.has(route)), [], 'excused, but swept');
  t.diagnostic(`${swept.size} routes by ${table.length} pages, ${excused.length} excused`);
});
