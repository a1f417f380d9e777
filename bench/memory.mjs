// Memory at rest and under a mixed load: readers, searches, an editor and two publishing clients.
import { drive, get } from "./kit/client.mjs";
import { lent, publishing } from "./kit/data.mjs";
import { serving, token } from "./kit/server.mjs";
import { fresh, queries } from "./kit/words.mjs";

// Beyond every story of the folders.
const FROM = 1_000_000;

/** Paths of at least so many articles, or of all. */
const pathsOf = async (server, most) => {
  const paths = [];
  let after = "";
  while (paths.length < most) {
    const { items, next } = JSON.parse((await get(server.port, `/api/v1/articles?limit=100${after}`)).body);
    paths.push(...items.map((item) => new URL(item.url).pathname));
    if (!next) break;
    after = `&after=${encodeURIComponent(next)}`;
  }
  return paths;
};

export const run = async (bench, report) => {
  await lent(bench, report, bench.small, async (folder) => {
    const bearer = await token(bench, folder);
    await serving(bench, folder, async (server) => {
      await server.settle();
      const idle = server.memory();
      report.row("at rest after start, resident", idle.rss, "MB", { target: 80, detail: `${idle.anon.toFixed(1)} MB anonymous` });
      const cookie = await server.logIn();
      const paths = await pathsOf(server, bench.small);
      const query = queries(2);
      const packed = { "accept-encoding": "gzip" };
      const reading = (n) => {
        if (n % 10 === 0) return { path: `/cari?${new URLSearchParams({ q: query() })}`, headers: packed };
        if (n % 10 === 1) return { path: "/meja/tulisan", headers: { ...packed, cookie } };
        if (n % 10 === 2) return { path: "/kabar", headers: packed };
        if (n % 50 === 3) return { path: "/feed.atom", headers: packed };
        return { path: paths[(n * 7) % paths.length], headers: packed };
      };
      const peak = { rss: 0, anon: 0 };
      const watch = setInterval(() => {
        const now = server.memory();
        for (const name of ["rss", "anon"]) peak[name] = Math.max(peak[name], now[name]);
      }, 200);
      const seconds = 2 * bench.seconds;
      try {
        const [read, sent] = await Promise.all([
          drive(server.port, { clients: 32, seconds, next: reading }),
          drive(server.port, { clients: 2, seconds, next: (n) => publishing(bearer, FROM + n, fresh(FROM + n)) }),
        ]);
        const detail = `${peak.anon.toFixed(1)} MB anonymous; ${read.calls.toLocaleString("en")} pages and ${sent.calls.toLocaleString("en")} stories in ${seconds} s`;
        report.row("under load, resident, peak", peak.rss, "MB", { target: 200, detail });
      } finally {
        clearInterval(watch);
      }
      await server.settle();
      const after = server.memory();
      report.row("at rest after the load, resident", after.rss, "MB", { detail: `${after.anon.toFixed(1)} MB anonymous` });
    });
  });
};
