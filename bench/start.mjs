// From the start of the process to the first 200 of /readyz, on a folder that was served before.
import { articles } from "./kit/data.mjs";
import { serving } from "./kit/server.mjs";

export const run = async (bench, report) => {
  for (const count of [bench.small, bench.large]) {
    const folder = await articles(bench, report, count);
    const times = [];
    for (let start = 0; start <= 3; start += 1) {
      await serving(bench, folder, async (server) => times.push(server.readyAfter));
    }
    // The first start may have something to catch up on.
    const [, ...later] = times;
    const middle = later.sort((a, b) => a - b)[1];
    report.row(`second start at ${count.toLocaleString("en")}`, middle / 1000, "s", { target: 10, detail: `first ${(times[0] / 1000).toFixed(2)} s` });
  }
};
