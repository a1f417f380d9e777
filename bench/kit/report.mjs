// Rows on the screen and in results/latest.json.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { yardstick } from "./yardstick.mjs";

const results = join(dirname(dirname(fileURLToPath(import.meta.url))), "results");

/** Three figures that count. */
const short = (n) => (n >= 100 ? Math.round(n).toLocaleString("en") : String(Number(n.toPrecision(3))));

const line = (cells) => console.log(
  [cells[0].padEnd(46), cells[1].padStart(12), cells[2].padStart(12), cells[3].padStart(10), ` ${cells[4].padEnd(5)}`, cells[5]].join(" ").trimEnd(),
);

export class Report {
  constructor(run) {
    this.run = run;
    this.rows = [];
  }

  open() {
    this.begun = { at: new Date().toISOString(), load: loadavg()[0], yardstick_ms: yardstick() };
    const { version, articles, doubt } = this.run;
    console.log(`${version}, ${short(articles.small)} and ${short(articles.large)} articles, ${cpus().length} cores, load ${short(this.begun.load)}, yardstick ${short(this.begun.yardstick_ms)} ms`);
    if (doubt) console.log(`Measured with ${doubt}: the figures mean nothing.`);
    line(["", "figure", "target", "of target", "", ""]);
  }

  section(name) {
    this.name = name;
    console.log(`\n${name}`);
  }

  /** What is being prepared. */
  say(text) { console.log(`  … ${text}`); }

  /**
   * One figure. With a target, `of target` is figure ÷ target, or target ÷ figure where `more` is
   * better: at most 1 passes either way.
   */
  row(what, figure, unit, { target = null, more = false, detail = "" } = {}) {
    const ratio = target === null ? null : more ? target / figure : figure / target;
    const verdict = ratio === null ? "" : ratio <= 1 ? "ok" : "over";
    this.rows.push({ measurement: this.name, what, figure, unit, target, ratio, verdict, detail });
    const goal = target === null ? "" : `${more ? "≥" : "≤"} ${short(target)} ${unit}`;
    line([`  ${what}`, `${short(figure)} ${unit}`, goal, ratio === null ? "" : ratio.toFixed(2), verdict, detail]);
  }

  broken(name, error) {
    this.rows.push({ measurement: name, what: "broken", verdict: "broken", detail: error.message });
    console.log(`  ✗ ${error.stack ?? error}`);
  }

  close() {
    const ended = { at: new Date().toISOString(), load: loadavg()[0], yardstick_ms: yardstick() };
    const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memory_gb: Math.round(totalmem() / 2 ** 30) };
    mkdirSync(results, { recursive: true });
    const file = join(results, "latest.json");
    writeFileSync(file, `${JSON.stringify({ ...this.run, machine, node: process.version, begun: this.begun, ended, rows: this.rows }, null, 2)}\n`);
    console.log(`\nload ${short(ended.load)}, yardstick ${short(ended.yardstick_ms)} ms at the end; written to bench/results/latest.json`);
  }
}
