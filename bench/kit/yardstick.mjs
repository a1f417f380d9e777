// A fixed piece of work in CPU milliseconds: says how much slower the machine is now than it was.
import { gzipSync } from "node:zlib";

const text = Buffer.from(Array.from({ length: 400_000 }, (_, n) => (n * 7919) % 10_007).join(" "));

/** The least of three, so that one disturbance does not count. */
export const yardstick = () => Math.min(...[1, 2, 3].map(() => {
  const before = process.cpuUsage();
  gzipSync(text, { level: 6 });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}));
