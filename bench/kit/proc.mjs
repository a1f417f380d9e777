// What the kernel knows of a process: CPU time and memory. Linux only.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** User and system time of all threads, in milliseconds; steps of 10 ms. */
export const cpu = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name stands in brackets and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
};

/** The same of a process and its direct children, such as nginx and its workers. */
export const cpuOfFamily = (pid) => {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  return [pid, ...children].reduce((sum, one) => sum + cpu(one), 0);
};

/** Resident and anonymous memory, in megabytes. */
export const memory = (pid) => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)[1]) / 1024;
  return { rss: of("VmRSS"), anon: of("RssAnon") };
};
