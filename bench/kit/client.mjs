// Clients over HTTP: single calls, and many at once for a time or a count.
import { Agent, request } from "node:http";

const call = (options, body) => new Promise((resolve, reject) => {
  const req = request({ host: "127.0.0.1", ...options }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
    answer.on("error", reject);
  });
  req.setTimeout(60_000, () => req.destroy(new Error("no answer in a minute")));
  req.on("error", reject);
  req.end(body);
});

export const get = (port, path, headers = {}) => call({ port, path, headers, agent: false });

export const post = (port, path, body, headers = {}) =>
  call({ port, path, method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) }, agent: false }, body);

/** The value below which a share of sorted values lies. */
const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

/**
 * So many clients on kept connections ask one after the other until the seconds or the calls are
 * used up. `next(n)` gives call n: { path, method, headers, body, expect }. An answer with another
 * status than expected (200) ends the run.
 */
export const drive = async (port, { clients, seconds = Infinity, calls = Infinity, next, look = () => {} }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const begun = performance.now();
  const latencies = [];
  let asked = 0;
  let failed = false;
  const one = async () => {
    while (!failed && asked < calls && performance.now() - begun < seconds * 1000) {
      const { path, method = "GET", headers = {}, body, expect = 200 } = next(asked++);
      const sent = performance.now();
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const answer = await call({ port, path, method, headers: { ...headers, ...length }, agent }, body);
      latencies.push(performance.now() - sent);
      if (answer.status !== expect) {
        throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body.toString().slice(0, 300)}`);
      }
      look(answer);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, one));
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    agent.destroy();
  }
  const took = (performance.now() - begun) / 1000;
  latencies.sort((a, b) => a - b);
  return { calls: latencies.length, rate: latencies.length / took, p50: share(latencies, 0.5), p99: share(latencies, 0.99) };
};
