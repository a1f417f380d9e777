// Runs the measurements named on the command line, or all of them, against the binary in
// SIMPUL_BINARY, prints one row per figure and writes results/latest.json. See README.md.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { endAll } from "./kit/children.mjs";
import { Report } from "./kit/report.mjs";

const all = ["cached", "private", "search", "publish", "memory", "start"];
const usage = `cargo x bench [--large] [--quick] [${all.join("|")}]…

--large   200,000 articles for the scale figures instead of 20,000 (the first time takes long)
--quick   few articles and short runs: shows that the bench works, its figures mean nothing
`;

const words = process.argv.slice(2);
const flags = new Set(words.filter((word) => word.startsWith("--")));
const names = words.filter((word) => !word.startsWith("--"));
if ([...flags].some((flag) => !["--large", "--quick"].includes(flag)) || names.some((name) => !all.includes(name))) {
  process.stderr.write(usage);
  process.exit(2);
}
const binary = resolve(process.env.SIMPUL_BINARY ?? "");
if (!process.env.SIMPUL_BINARY || !existsSync(binary)) {
  process.stderr.write("SIMPUL_BINARY names no server; `cargo x bench` builds one and sets it.\n");
  process.exit(2);
}

// A stop half-way leaves no server behind.
process.on("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));

const quick = flags.has("--quick");
const bench = {
  binary,
  seconds: quick ? 2 : 10,
  rounds: quick ? 1 : 3,
  small: quick ? 200 : 2000,
  large: quick ? 600 : flags.has("--large") ? 200_000 : 20_000,
};
const report = new Report({
  version: execFileSync(binary, ["--version"], { encoding: "utf8" }).trim(),
  articles: { small: bench.small, large: bench.large },
  doubt: quick ? "--quick" : basename(dirname(binary)) === "debug" ? "a debug binary" : "",
});

let broken = false;
report.open();
for (const name of all.filter((one) => names.length === 0 || names.includes(one))) {
  report.section(name);
  try {
    const { run } = await import(`./${name}.mjs`);
    await run(bench, report);
  } catch (error) {
    broken = true;
    report.broken(name, error);
  } finally {
    endAll();
  }
}
report.close();
process.exit(broken ? 1 : 0);
