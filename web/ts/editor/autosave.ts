// Nothing written is lost: the form is sent by itself five seconds after a change and when the page goes away;
// until the server has said yes, a copy lies in this phone and is offered back on the next visit.
import { all, announce, fill } from "../app/dom";
import { draftPrefix, draftSecond } from "../app/draft";

type Fields = Array<[string, string]>;

interface Copy {
  /** When it was kept, by this phone's clock. */
  at: number;
  /** The server's data-saved-at when the writing began: a wrong phone clock does no harm. */
  base: number;
  fields: Fields;
}

/** What the server may answer to an autosave; every part optional. */
interface Answer {
  saved_at?: number;
  /** New values for hidden fields, such as the version. */
  fields?: Record<string, string>;
  /** A draft that has just got its own address: where the form, the autosave and the browser go from here. */
  action?: string;
  autosave?: string;
  address?: string;
}

const language = document.documentElement.lang || "id";
const pause = 5000;
const patience = 20000;
const longest = 30 * 24 * 3600 * 1000;

const read = (form: HTMLFormElement): Fields => {
  const fields: Fields = [];
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string") fields.push([name, value]);
  });
  return fields;
};

const encode = (fields: Fields): string =>
  fields.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");

const hidden = (form: HTMLFormElement): HTMLInputElement[] => all<HTMLInputElement>("input[type=hidden], input[type=password]", form);

/** Fields a person fills; hidden ones belong to the server, and a password is kept nowhere. */
const visible = (form: HTMLFormElement, fields: Fields): Fields => {
  const names = hidden(form).map((control) => control.name);
  return fields.filter(([name]) => names.indexOf(name) < 0);
};

const write = (form: HTMLFormElement, fields: Fields): void => {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) values.set(name, (values.get(name) || []).concat(value));
  for (const control of Array.from(form.elements) as HTMLInputElement[]) {
    if (!control.name || control.type === "hidden" || control.type === "file" || control instanceof HTMLButtonElement) continue;
    const known = values.get(control.name);
    if (control.type === "checkbox" || control.type === "radio") control.checked = !!known && known.indexOf(control.value) >= 0;
    else if (known) control.value = known.shift() ?? control.value;
    else continue;
    control.dispatchEvent(new Event("simpul:restored"));
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

export const guardDraft = (form: HTMLFormElement, sync: () => void): void => {
  const key = draftPrefix + (form.dataset.draftKey || location.pathname);
  const status = form.querySelector<HTMLElement>("[data-autosave-status]");
  const notice = document.querySelector<HTMLElement>("[data-draft-notice]");
  let base = Number(form.dataset.savedAt) || 0;
  let settled = encode(read(form));
  let timer = 0;
  let sending = false;
  let leaving = false;
  let stopped = !form.dataset.autosave;
  let spoken = "";
  let lastWords = "";
  let offering = false;

  const say = (state: "saved" | "saving" | "failed" | "conflict"): void => {
    if (!status) return;
    const time = new Date().toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
    status.dataset.state = state === "conflict" ? "failed" : state;
    status.textContent = fill(status.dataset[state] || status.dataset.failed || "", { time });
    // Trouble is read out once, a return to calm once; the steady rhythm is not.
    if (state !== "saving" && state !== spoken && (spoken || state !== "saved")) announce(status.textContent);
    if (state !== "saving") spoken = state;
  };

  const slot = (): string => (offering ? key + draftSecond : key);
  const forget = (): void => {
    try { localStorage.removeItem(slot()); } catch { /* storage is blocked */ }
  };
  const keep = (fields: Fields): void => {
    const copy: Copy = { at: Date.now(), base, fields: visible(form, fields) };
    try { localStorage.setItem(slot(), JSON.stringify(copy)); } catch { /* full or blocked: the server is the only copy */ }
  };
  const recall = (): Copy | null => {
    try {
      const second = localStorage.getItem(key + draftSecond);
      const copy = JSON.parse(localStorage.getItem(key) || second || "null") as Copy | null;
      return copy && Array.isArray(copy.fields) && Date.now() - copy.at < longest ? copy : null;
    } catch {
      return null;
    }
  };

  const heed = (answer: Answer): void => {
    base = answer.saved_at || Date.now();
    const fresh = answer.fields || {};
    for (const control of hidden(form)) if (control.name in fresh) control.value = String(fresh[control.name]);
    if (answer.action) form.setAttribute("action", answer.action);
    if (answer.autosave) form.dataset.autosave = answer.autosave;
    if (answer.address) history.replaceState(history.state, "", answer.address);
  };

  const post = (body: string, last: boolean): Promise<Response> => {
    const request: RequestInit = {
      method: "POST", body, credentials: "same-origin",
      headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-Requested-With": "autosave", Accept: "application/json" },
    };
    // A browser lets at most 64 KiB outlive its page.
    if (last && body.length < 60000) request.keepalive = true;
    return Promise.race([
      fetch(form.dataset.autosave!, request),
      new Promise<never>((_, reject) => { setTimeout(() => reject(new Error("no answer")), patience); }),
    ]);
  };

  const save = async (last = false): Promise<void> => {
    clearTimeout(timer);
    sync();
    const fields = read(form);
    const body = encode(fields);
    if (body === settled) return;
    keep(fields);
    if (stopped || leaving || (last ? body === lastWords : sending)) return;
    if (last) lastWords = body; // leaving a page is announced twice
    sending = true;
    say("saving");
    let again = pause;
    try {
      const answer = await post(body, last);
      if (answer.status === 409) {
        stopped = true;
        say("conflict");
        return;
      }
      // A redirect is the sign-in page: it says nothing was kept.
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const type = answer.headers.get("Content-Type") || "";
      heed(type.indexOf("json") > 0 ? ((await answer.json()) as Answer) : {});
      // Hidden fields may have changed with the answer; what the person wrote meanwhile has not been sent.
      const now = read(form);
      const same = encode(visible(form, now)) === encode(visible(form, fields));
      settled = same ? encode(now) : "";
      if (same) {
        forget();
        form.dispatchEvent(new Event("simpul:saved"));
        say("saved");
        again = 0;
      } else keep(now);
    } catch {
      say("failed");
      again = pause * 3;
    } finally {
      sending = false;
      if (again && !leaving && !stopped) timer = window.setTimeout(save, again);
    }
  };

  const later = (): void => {
    leaving = false;
    lastWords = "";
    clearTimeout(timer);
    timer = window.setTimeout(save, pause);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  window.addEventListener("online", () => { if (status && status.dataset.state === "failed") void save(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") void save(true); });
  window.addEventListener("pagehide", () => { void save(true); });
  form.addEventListener("submit", () => {
    // The page that follows names the copy to forget ([data-draft-clear]); if none follows, it is still here.
    const fields = read(form);
    if (encode(fields) !== settled) keep(fields);
    clearTimeout(timer);
    leaving = true;
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  // --- offer an earlier copy
  const copy = recall();
  const differs = copy && encode(copy.fields) !== encode(visible(form, read(form)));
  if (!copy || !differs || !notice || !(copy.base >= base || copy.at > base)) {
    if (copy) forget();
    return;
  }
  for (const time of all<HTMLElement>("[data-draft-time]", notice)) {
    time.textContent = new Date(copy.at).toLocaleString(language, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  }
  notice.hidden = false;
  offering = true;
  const close = (): void => {
    forget();
    offering = false;
    forget();
    notice.hidden = true;
    const first = form.querySelector<HTMLElement>("input:not([type=hidden]), [contenteditable], textarea");
    if (first) first.focus();
  };
  for (const button of all("[data-draft-restore]", notice)) button.addEventListener("click", () => {
    write(form, copy.fields);
    close();
    void save();
  });
  for (const button of all("[data-draft-drop]", notice)) button.addEventListener("click", () => {
    close();
    void save();
  });
};
