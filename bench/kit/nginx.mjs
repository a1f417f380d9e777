// nginx serving one file with gzip_static: the yardstick of the cached page.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { start, stop } from "./children.mjs";
import { get } from "./client.mjs";
import { freePort } from "./port.mjs";
import { cpuOfFamily } from "./proc.mjs";
import { need } from "./tools.mjs";

// nginx writes these itself.
const OWN = new Set(["content-length", "content-encoding", "content-type", "date", "connection", "keep-alive", "transfer-encoding", "etag", "last-modified"]);

const quoted = (text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const config = (folder, port, answer) => `
${process.getuid() === 0 ? "user root;" : ""}
worker_processes auto;
daemon off;
pid ${quoted(join(folder, "pid"))};
error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=600s;
  open_file_cache_valid 600s;
  server_tokens off;
  types {}
  default_type ${quoted(answer.headers["content-type"])};
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${quoted(join(folder, name))};`).join("\n  ")}
  server {
    listen 127.0.0.1:${port} backlog=1024;
    root ${quoted(join(folder, "site"))};
    gzip_static on;
    ${Object.entries(answer.headers).filter(([name]) => !OWN.has(name)).map(([name, value]) => `add_header ${name} ${quoted(String(value))};`).join("\n    ")}
  }
}
`;

/** Serves the bytes and headers of a packed answer while `act` runs. */
export const besideNginx = async (answer, act) => {
  await need("nginx", "nginx-light");
  const folder = mkdtempSync(join(tmpdir(), "bench-nginx-"));
  mkdirSync(join(folder, "site"));
  writeFileSync(join(folder, "site/page"), gunzipSync(answer.body));
  writeFileSync(join(folder, "site/page.gz"), answer.body);
  const port = await freePort();
  writeFileSync(join(folder, "nginx.conf"), config(folder, port, answer));
  const path = `${process.env.PATH}:/usr/sbin`;
  const child = start("nginx", ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], { env: { ...process.env, PATH: path } });
  try {
    let same;
    for (let tries = 0; !same && tries < 200; tries += 1) {
      if (child.over) throw new Error(`nginx ended: ${child.said.trim()}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
      same = await get(port, "/page", { "accept-encoding": "gzip" }).catch(() => null);
    }
    if (!same?.body.equals(answer.body)) throw new Error("nginx does not serve the same bytes");
    return await act({ url: `http://127.0.0.1:${port}/page`, cpu: () => cpuOfFamily(child.pid) });
  } finally {
    await stop(child, "SIGQUIT");
    rmSync(folder, { recursive: true, force: true });
  }
};
