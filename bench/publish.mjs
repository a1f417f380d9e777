// Publishing through the API by eight clients. The server refuses to run with less than
// synchronous=FULL, so every answer is on the disk.
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { drive } from "./kit/client.mjs";
import { lent, publishing } from "./kit/data.mjs";
import { serving, token } from "./kit/server.mjs";
import { fresh } from "./kit/words.mjs";

// Beyond every story of the folders.
const FROM = 1_000_000;

/** What the disk needs to keep a block, in milliseconds: the median of a hundred. */
const disk = (folder) => {
  const file = openSync(join(folder, "probe"), "w");
  const times = Array.from({ length: 100 }, () => {
    const begun = performance.now();
    writeSync(file, Buffer.alloc(4096, 1));
    fdatasyncSync(file);
    return performance.now() - begun;
  });
  closeSync(file);
  return times.sort((a, b) => a - b)[50];
};

export const run = async (bench, report) => {
  await lent(bench, report, bench.small, async (folder) => {
    const bearer = await token(bench, folder);
    const bare = disk(folder);
    await serving(bench, folder, async (server) => {
      await server.settle();
      const from = (start) => (n) => publishing(bearer, start + n, fresh(start + n));
      await drive(server.port, { clients: 8, calls: 50, next: from(FROM) });
      const look = (answer) => {
        if (JSON.parse(answer.body).status !== "published") throw new Error("a story was not published");
      };
      const before = server.cpu();
      const { calls, rate, p50, p99 } = await drive(server.port, { clients: 8, seconds: bench.seconds, next: from(2 * FROM), look });
      const millis = (server.cpu() - before) / calls;
      report.row("publishing by 8 clients", rate, "/s", { target: 300, more: true, detail: `${calls.toLocaleString("en")} stories` });
      report.row("publishing, p99", p99, "ms", { target: 100 });
      report.row("publishing, p50", p50, "ms");
      report.row("publishing, CPU per story", millis, "ms", { detail: "with indexing, listeners and jobs beside it" });
      report.row("bare write of 4 kB to the disk, p50", bare, "ms");
    });
  });
};
