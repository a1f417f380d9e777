// wrk, one thread, and what it printed. Any answer but 2xx and 3xx ends the measurement.
import { output } from "./children.mjs";
import { need } from "./tools.mjs";

export const wrk = async (url, { connections, seconds, headers = {} }) => {
  await need("wrk", "wrk");
  const named = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const text = await output("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, ...named, url]);
  const wrong = /Non-2xx or 3xx responses: (\d+)/.exec(text) ?? /Socket errors: (?!connect 0, read 0, write 0, timeout 0)(.*)/.exec(text);
  if (wrong) throw new Error(`wrk: ${wrong[0]}`);
  return { calls: Number(/(\d+) requests in/.exec(text)[1]), rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]) };
};

/** CPU microseconds per request while wrk runs; `cpu` reads milliseconds used so far. */
export const cost = async (cpu, url, options) => {
  const before = cpu();
  const { calls, rate } = await wrk(url, options);
  return { micros: ((cpu() - before) * 1000) / calls, calls, rate };
};
