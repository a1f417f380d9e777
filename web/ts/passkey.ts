// Passkeys: logging in with one, adding one, and joining with one. A button with data-passkey says which
// and shows itself only where the browser can; its form's fields travel along.

type Json = Record<string, unknown>;

const bytes = (text: string) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
};
const text = (buffer: ArrayBuffer | null) => {
  if (!buffer) return null;
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const send = async (path: string, body: Json) => {
  const answer = await fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail || "");
  return said;
};

const listed = (all: { id: string }[] | undefined) => (all || []).map((one) => ({ ...one, id: bytes(one.id) }));

const make = async (path: string, fields: Json) => {
  const { publicKey } = await send(`${path}/mulai`, fields);
  const made = (await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: listed(publicKey.excludeCredentials),
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    extensions: {},
    response: { attestationObject: text(response.attestationObject), clientDataJSON: text(response.clientDataJSON) },
  };
};

const use = async (path: string) => {
  const { publicKey } = await send(`${path}/mulai`, {});
  const found = (await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials) },
  })) as PublicKeyCredential;
  const response = found.response as AuthenticatorAssertionResponse;
  return {
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    extensions: {},
    response: {
      authenticatorData: text(response.authenticatorData),
      clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature),
      userHandle: text(response.userHandle),
    },
  };
};

/** Those of the fields that the server takes; it refuses others. */
const pick = (fields: Json, ...names: string[]) => {
  const picked: Json = {};
  names.filter((name) => name in fields).forEach((name) => (picked[name] = fields[name]));
  return picked;
};

const press = async (button: HTMLButtonElement, said: HTMLElement) => {
  const path = button.dataset.passkey!;
  const fields: Json = {};
  if (button.form) {
    const form = new FormData(button.form);
    form.forEach((value, name) => (fields[name] = name === "setuju" ? form.getAll(name) : value));
  }
  button.disabled = true;
  said.hidden = true;
  try {
    const credential = button.hasAttribute("data-new") ? await make(path, pick(fields, "nama", "masuk", "setuju")) : await use(path);
    const { to } = await send(path, { ...pick(fields, "lalu", "nama_kunci"), credential });
    location.assign(to);
  } catch (error) {
    said.textContent = (error as Error).name === "Error" && (error as Error).message ? (error as Error).message : said.dataset.failed!;
    said.hidden = false;
    button.disabled = false;
  }
};

if (window.PublicKeyCredential) {
  document.querySelectorAll<HTMLButtonElement>("button[data-passkey]").forEach((button) => {
    const box = button.closest<HTMLElement>("[data-passkeys]")!;
    const said = box.querySelector<HTMLElement>("[data-failed]")!;
    box.hidden = false;
    button.addEventListener("click", () => void press(button, said));
  });
}
