// The article page from the page cache against nginx serving the same bytes, in turns.
import { articles } from "./kit/data.mjs";
import { get } from "./kit/client.mjs";
import { besideNginx } from "./kit/nginx.mjs";
import { serving } from "./kit/server.mjs";
import { cost, wrk } from "./kit/wrk.mjs";

const PACKED = { "accept-encoding": "gzip" };
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export const run = async (bench, report) => {
  const folder = await articles(bench, report, bench.small);
  await serving(bench, folder, async (server) => {
    await server.settle();
    const list = JSON.parse((await get(server.port, "/api/v1/articles?limit=1")).body);
    const { pathname } = new URL(list.items[0].url);
    await get(server.port, pathname, PACKED);
    const answer = await get(server.port, pathname, PACKED);
    if (answer.headers["content-encoding"] !== "gzip" || answer.headers["x-cache"] !== "hit") throw new Error(`${pathname} is not kept`);
    await besideNginx(answer, async (nginx) => {
      const sides = { simpul: { url: server.url + pathname, cpu: () => server.cpu() }, nginx };
      const load = { connections: 64, headers: PACKED };
      for (const { url } of Object.values(sides)) await wrk(url, { ...load, seconds: 2 });
      const rounds = [];
      for (let round = 0; round < bench.rounds; round += 1) {
        const costs = {};
        for (const [name, side] of Object.entries(sides)) costs[name] = await cost(side.cpu, side.url, { ...load, seconds: bench.seconds });
        rounds.push({ ...costs, ratio: costs.simpul.micros / costs.nginx.micros });
      }
      const each = rounds.map(({ ratio }) => ratio.toFixed(2)).join(", ");
      const of = (name, key) => middle(rounds.map((round) => round[name][key]));
      report.row("article page, CPU per request to nginx", middle(rounds.map(({ ratio }) => ratio)), "x", { target: 1.5, detail: `rounds ${each}` });
      for (const name of ["simpul", "nginx"]) {
        report.row(`CPU per request, ${name}`, of(name, "micros"), "µs", { detail: `${Math.round(of(name, "rate")).toLocaleString("en")} requests/s, ${answer.body.length} bytes` });
      }
    });
  });
};
