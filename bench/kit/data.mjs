// Folders with so many articles, made through the API from the demo and kept in .data for the next
// run. A change of a migration or of the words makes new ones.
import { createHash } from "node:crypto";
import { constants, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drive } from "./client.mjs";
import { command, serving, token } from "./server.mjs";
import { ROOTS, story } from "./words.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const store = join(dirname(here), ".data");
const CHUNK = 1000;

const filesIn = (folder) => readdirSync(join(root, folder), { recursive: true }).sort().map((name) => join(root, folder, name));

const schema = (() => {
  const hash = createHash("sha256");
  const migrations = ["kit", "slices"].flatMap(filesIn).filter((file) => file.endsWith(".sql"));
  for (const file of [...migrations, join(here, "words.mjs"), ROOTS]) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 10);
})();

const place = (count) => join(store, `${count}-${schema}`);
const noteOf = (folder) => join(folder, "bench.json");
const read = (folder) => (existsSync(noteOf(folder)) ? JSON.parse(readFileSync(noteOf(folder), "utf8")) : { done: 0, complete: false });
const write = (folder, done, complete) => writeFileSync(noteOf(folder), JSON.stringify({ done, complete }));
const isComplete = (count) => read(place(count)).complete;

const copy = (from, to) => {
  rmSync(`${to}.new`, { recursive: true, force: true });
  cpSync(from, `${to}.new`, { recursive: true, mode: constants.COPYFILE_FICLONE });
  renameSync(`${to}.new`, to);
};

/** How an article is sent; the key makes a repeated call harmless. */
export const publishing = (bearer, n, article = story(n)) => ({
  path: "/api/v1/articles",
  method: "POST",
  headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", "idempotency-key": `bench-${n}` },
  body: JSON.stringify(article),
  expect: 201,
  n,
});

const demo = async (bench, report) => {
  const folder = place(0);
  if (isComplete(0)) return folder;
  report.say("loading the demo, once");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await command(bench, folder, ["demo"]);
  write(folder, 0, true);
  return folder;
};

const fill = async (bench, report, folder, count) => {
  const bearer = await token(bench, folder);
  let { done } = read(folder);
  await serving(bench, folder, async (server) => {
    const begun = performance.now();
    const from = done;
    let told = begun;
    while (done < count) {
      const calls = Math.min(CHUNK, count - done);
      await drive(server.port, { clients: 16, calls, next: (n) => publishing(bearer, done + n) });
      done += calls;
      write(folder, done, false);
      if (performance.now() - told > 30_000) {
        told = performance.now();
        const left = ((told - begun) / (done - from)) * (count - done);
        report.say(`${done.toLocaleString("en")} of ${count.toLocaleString("en")} articles, about ${Math.ceil(left / 60_000)} min left`);
      }
    }
    await server.settle();
  });
  write(folder, count, true);
};

/** The folder with so many articles beside the demo's own. Do not write in it. */
export const articles = async (bench, report, count) => {
  const folder = place(count);
  if (isComplete(count)) return folder;
  if (!existsSync(folder)) {
    await demo(bench, report);
    const smaller = readdirSync(store).map((name) => name.split("-")).filter(([n, key]) => key === schema && Number(n) < count && isComplete(Number(n)));
    const most = Math.max(...smaller.map(([n]) => Number(n)));
    copy(place(most), folder);
    write(folder, most, false);
  }
  report.say(`making ${count.toLocaleString("en")} articles through the API, once`);
  await fill(bench, report, folder, count);
  return folder;
};

/** Lends a copy of the folder, to write in, while `act` runs. */
export const lent = async (bench, report, count, act) => {
  const folder = join(store, `lent-${process.pid}`);
  const whole = await articles(bench, report, count);
  // Left behind by a run that was stopped.
  for (const name of readdirSync(store).filter((one) => one.startsWith("lent-") && !existsSync(`/proc/${parseInt(one.slice(5), 10)}`))) {
    rmSync(join(store, name), { recursive: true, force: true });
  }
  copy(whole, folder);
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
