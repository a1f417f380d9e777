// Forms: warn before leaving, send once, count letters, apply a select at once.
import { all, announce, fill, identify, link, make, submit } from "./dom";

/** form[data-guard]: asks before the page is left with unsent changes. `simpul:saved` on the form clears them. */
export const guardForms = (): void => {
  const dirty = new Set<HTMLFormElement>();
  for (const form of all<HTMLFormElement>("form[data-guard]")) {
    const touch = (): void => { dirty.add(form); };
    form.addEventListener("input", touch);
    form.addEventListener("change", touch);
    form.addEventListener("simpul:saved", () => dirty.delete(form));
    form.addEventListener("submit", () => dirty.delete(form));
  }
  window.addEventListener("beforeunload", (event) => {
    if (!dirty.size) return;
    event.preventDefault();
    event.returnValue = "";
  });
};

/** Stops a second submit while the first is on its way. Buttons stay in place, so their name and value are sent. */
export const sendOnce = (): void => {
  const sent = new Map<HTMLFormElement, number>();
  const buttons = (form: HTMLFormElement): HTMLElement[] =>
    Array.from(form.elements).filter((control): control is HTMLButtonElement => control instanceof HTMLButtonElement && control.type === "submit");
  const release = (form: HTMLFormElement): void => {
    clearTimeout(sent.get(form));
    sent.delete(form);
    for (const button of buttons(form)) button.removeAttribute("aria-disabled");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.getAttribute("target") === "_blank") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
    // A download leaves the page standing, and a weak signal deserves a second try.
    sent.set(form, window.setTimeout(release, 12000, form));
  });
  window.addEventListener("pageshow", () => Array.from(sent.keys()).forEach(release));
};

/** select[data-autosubmit]: a choice by finger or mouse is applied at once; by keyboard the form's button does it,
    because a closed select changes with every arrow key. */
export const quickSelects = (): void => {
  for (const select of all<HTMLSelectElement>("select[data-autosubmit]")) {
    let byKey = false;
    select.addEventListener("keydown", () => { byKey = true; });
    select.addEventListener("pointerdown", () => { byKey = false; });
    select.addEventListener("change", () => { if (!byKey && select.form) submit(select.form); });
  }
};

/** [data-count="160"]: letters left, or how many too many, in the server's own words. */
export const countLetters = (): void => {
  for (const field of all<HTMLTextAreaElement>("[data-count]")) {
    const limit = Number(field.dataset.count);
    const note = make("p", "hint count");
    link(field, "aria-describedby", identify(note));
    field.insertAdjacentElement("afterend", note);
    let timer = 0;
    const show = (): void => {
      const left = limit - Array.from(field.value).length;
      note.classList.toggle("is-over", left < 0);
      note.textContent = fill((left < 0 ? field.dataset.countOver : field.dataset.countLeft) || "{n}", { n: Math.abs(left) });
      clearTimeout(timer);
      if (document.activeElement === field && left < limit / 10) {
        timer = window.setTimeout(() => announce(note.textContent || ""), 1200);
      }
    };
    field.addEventListener("input", show);
    window.addEventListener("pageshow", show);
    show();
  }
};
