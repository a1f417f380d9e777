// A Simpul server on a data folder and a free port, as an operator would start it.
import { output, start, stop } from "./children.mjs";
import { get, post } from "./client.mjs";
import { freePort } from "./port.mjs";
import { cpu, memory } from "./proc.mjs";

// The demo's public password and its editor of one KIM.
const PASSWORD = "demo palangka raya";
export const EDITOR = "penyunting";

const nap = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The environment without settings of the caller. */
const settings = (folder, more = {}) => {
  const plain = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SIMPUL_")));
  return { ...plain, SIMPUL_DATA: folder, SIMPUL_REGION: "62.71", SIMPUL_LOG: "warn", ...more };
};

/** Runs a command of `simpul` on a folder and returns what it printed. */
export const command = (bench, folder, words) => output(bench.binary, words, { cwd: folder, env: settings(folder) });

/** A token that may publish. */
export const token = async (bench, folder) => (await command(bench, folder, ["user", "token", EDITOR, "--scope", "articles:write"])).trim();

export class Server {
  /** Starts one and waits until it is ready; `readyAfter` says how many milliseconds that took. */
  static async start(bench, folder) {
    const port = await freePort();
    const begun = performance.now();
    const child = start(bench.binary, ["serve"], { cwd: folder, env: settings(folder, { SIMPUL_LISTEN: `127.0.0.1:${port}` }) });
    const server = new Server(child, port);
    while (!(await server.ready())) {
      if (child.over) throw new Error(`the server ended: ${child.said.trim()}`);
      if (performance.now() - begun > 300_000) throw new Error("the server was not ready after five minutes");
      await nap(10);
    }
    server.readyAfter = performance.now() - begun;
    return server;
  }

  constructor(child, port) {
    this.child = child;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  async ready() {
    const answer = await get(this.port, "/readyz").catch(() => null);
    return answer?.status === 200;
  }

  cpu() { return cpu(this.child.pid); }

  memory() { return memory(this.child.pid); }

  /** Waits until work in the background is done: two seconds in a row with next to no CPU. */
  async settle(most = 1800) {
    for (let still = 0, second = 0; still < 2; second += 1) {
      if (second > most) throw new Error("the server does not come to rest");
      const before = this.cpu();
      await nap(1000);
      still = this.cpu() - before <= 30 ? still + 1 : 0;
    }
  }

  /** Logs the editor in and returns the cookie. */
  async logIn() {
    const form = new URLSearchParams({ _kunci: `bench-${Date.now()}-${process.pid}`, masuk: EDITOR, sandi: PASSWORD, lalu: "/meja" });
    const answer = await post(this.port, "/masuk", form.toString(), { "content-type": "application/x-www-form-urlencoded" });
    const cookie = answer.headers["set-cookie"]?.find((line) => line.startsWith("__Host-simpul="));
    if (answer.status !== 303 || !cookie) throw new Error(`logging in answered ${answer.status}`);
    return cookie.split(";")[0];
  }

  stop() { return stop(this.child); }
}

/** Starts a server, does something with it, stops it whatever happens. */
export const serving = async (bench, folder, act) => {
  const server = await Server.start(bench, folder);
  try {
    return await act(server);
  } finally {
    await server.stop();
  }
};
