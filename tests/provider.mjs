// An OpenID Connect provider, as an organisation would run one, and a Simpul of its own that trusts it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import { soon } from './kit.mjs';

/** A port that is free now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Its login page: whoever names themselves is let in. */
const page = (uid) => `<!doctype html><html lang="id"><meta charset="utf-8"><title>SSO Uji</title><link rel="icon" href="data:,">
<main><h1>SSO Uji</h1><form method="post" action="/login/${uid}"><label>Nama pegawai <input name="login"></label><button>Lanjut</button></form></main>`;

/**
 * Starts the provider on `port`; people come back to `back`. With `names` it knows what people are called.
 * Answers a way to stop it.
 */
export async function provide(port, back, names) {
  const provider = new Provider(`http://localhost:${port}`, {
    clients: [{ client_id: 'simpul', client_secret: 'rahasia bersama', redirect_uris: [back] }],
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: names[id] }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const answers = provider.callback();
  const server = createServer(async (request, response) => {
    if (!request.url.startsWith('/login/')) return answers(request, response);
    const { uid } = await provider.interactionDetails(request, response);
    if (request.method === 'GET') return response.setHeader('content-type', 'text/html').end(page(uid));
    let sent = '';
    for await (const part of request) sent += part;
    const accountId = new URLSearchParams(sent).get('login');
    return provider.interactionFinished(request, response, { login: { accountId, remember: false } });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return () => server.close();
}

/** An empty Simpul on `port` with these lines in its settings. Answers a way to stop it. */
export async function simpul(port, settings) {
  const folder = await mkdtemp(join(tmpdir(), 'simpul-own-'));
  await writeFile(join(folder, 'simpul.toml'), settings);
  const { SIMPUL_DATABASE: _, ...rest } = process.env;
  const env = { ...rest, SIMPUL_DATA: join(folder, 'data'), SIMPUL_LISTEN: `127.0.0.1:${port}`, SIMPUL_BASE_URL: `http://localhost:${port}` };
  const server = spawn(process.env.SIMPUL_BINARY, ['serve'], { cwd: folder, env, stdio: 'ignore' });
  const ready = await soon(() => fetch(`http://localhost:${port}/readyz`).then((answer) => answer.ok, () => false), 30_000);
  if (!ready) throw new Error('the server of its own did not become ready');
  return async () => {
    server.kill();
    await once(server, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
}
