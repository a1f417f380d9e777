// Searches that nobody asked before.
import { articles } from "./kit/data.mjs";
import { drive } from "./kit/client.mjs";
import { serving } from "./kit/server.mjs";
import { queries } from "./kit/words.mjs";

export const run = async (bench, report) => {
  const folder = await articles(bench, report, bench.large);
  await serving(bench, folder, async (server) => {
    await server.settle();
    const query = queries(1);
    const next = () => ({ path: `/api/v1/search?${new URLSearchParams({ q: query() })}` });
    await drive(server.port, { clients: 4, calls: 200, next });
    let hits = 0;
    const look = (answer) => { hits += JSON.parse(answer.body).items.length; };
    const before = server.cpu();
    const { calls, p50, p99 } = await drive(server.port, { clients: 4, seconds: bench.seconds, next, look });
    const millis = (server.cpu() - before) / calls;
    const detail = `${calls.toLocaleString("en")} queries, ${(hits / calls).toFixed(1)} hits each, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
    report.row(`new search at ${bench.large.toLocaleString("en")}, CPU per request`, millis, "ms", { target: 2, detail });
  });
};
