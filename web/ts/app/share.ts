// Copying a link and the phone's own share sheet. Both buttons are `hidden` in the HTML, as they need script.
import { all, announce, make } from "./dom";

const address = (): string => {
  const canonical = document.querySelector<HTMLLinkElement>('link[rel="canonical"]');
  return canonical ? canonical.href : location.href;
};

/** The way that works before Chrome 66 and on pages without HTTPS. */
const copyBySelection = (text: string): boolean => {
  const box = make("textarea", "hide");
  box.value = text;
  document.body.appendChild(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
};

const copy = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
};

export const copyButtons = (): void => {
  for (const button of all<HTMLButtonElement>("[data-copy]")) {
    button.hidden = false;
    const label = button.querySelector("span") || button;
    const before = label.textContent || "";
    let timer = 0;
    button.addEventListener("click", async () => {
      const done = await copy(button.dataset.copy || address());
      button.focus();
      const said = (done ? button.dataset.copied : button.dataset.failed) || "";
      if (!said) return;
      announce(said);
      // An icon-only button has no words of its own to replace.
      if (before.trim()) {
        label.textContent = said;
        clearTimeout(timer);
        timer = window.setTimeout(() => { label.textContent = before; }, 2500);
      }
    });
  }
};

export const shareButtons = (): void => {
  if (!("share" in navigator)) return;
  for (const button of all<HTMLButtonElement>("[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const { title, text } = button.dataset;
      const what: ShareData = { title: title || document.title, url: button.dataset.share || address() };
      if (text) what.text = text;
      // Closing the sheet is not a fault.
      navigator.share(what).catch(() => undefined);
    });
  }
};
