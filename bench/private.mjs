// Pages that are never kept, because the reader is logged in: an editor's desk and the news.
import { gunzipSync } from "node:zlib";
import { articles } from "./kit/data.mjs";
import { get } from "./kit/client.mjs";
import { serving } from "./kit/server.mjs";
import { cost, wrk } from "./kit/wrk.mjs";

export const run = async (bench, report) => {
  for (const count of [bench.small, bench.large]) {
    const folder = await articles(bench, report, count);
    await serving(bench, folder, async (server) => {
      const headers = { cookie: await server.logIn(), "accept-encoding": "gzip" };
      await server.settle();
      for (const path of ["/meja/tulisan", "/kabar"]) {
        const answer = await get(server.port, path, headers);
        const page = answer.status === 200 ? gunzipSync(answer.body).toString() : "";
        if (answer.headers["x-cache"] || !page.includes("/keluar")) throw new Error(`${path} answered ${answer.status}, not the page of the editor`);
        const load = { connections: 16, headers };
        await wrk(server.url + path, { ...load, seconds: 2 });
        const { micros, rate } = await cost(() => server.cpu(), server.url + path, { ...load, seconds: bench.seconds });
        report.row(`${path} at ${count.toLocaleString("en")}, CPU per request`, micros / 1000, "ms", { target: 1.5, detail: `${Math.round(rate)} requests/s` });
      }
    });
  }
};
