// input[data-region-search]: suggestions for a place (ARIA combobox with a list). Without script the form's
// own selects inside [data-region-plain] do the same.
import { all, announce, fill, identify, make, submit } from "./dom";

interface Region {
  code: string;
  name: string;
  /** The places above, nearest first, ready to read. */
  path?: string;
}

const pause = 200;

const enhance = (input: HTMLInputElement): void => {
  const form = input.form;
  const words = input.dataset;
  const choice = form && all<HTMLInputElement>("input[type=hidden]", form).filter((hidden) => hidden.name === words.target)[0];
  const list = make("ul", "listbox");
  list.hidden = true;
  list.setAttribute("role", "listbox");
  const listId = identify(list);
  if (input.labels && input.labels[0]) list.setAttribute("aria-labelledby", identify(input.labels[0]));

  const frame = make("div", "picker");
  input.parentNode!.insertBefore(frame, input);
  frame.appendChild(input);
  frame.appendChild(list);
  for (const [name, value] of [["role", "combobox"], ["autocomplete", "off"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", listId]] as const) {
    input.setAttribute(name, value);
  }

  let found: Region[] = [];
  let at = -1;
  let timer = 0;
  let asked = 0;
  let chosenName = input.value;

  const close = (): void => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index: number): void => {
    at = index;
    Array.from(list.children).forEach((item, position) => {
      item.setAttribute("aria-selected", String(position === at));
      if (position !== at) return;
      input.setAttribute("aria-activedescendant", item.id);
      (item as HTMLElement).scrollIntoView({ block: "nearest" });
    });
  };

  const choose = (region: Region): void => {
    input.value = chosenName = region.name;
    close();
    if (choice) {
      choice.value = region.code;
      choice.dispatchEvent(new Event("change", { bubbles: true }));
    }
    announce(region.path ? `${region.name}, ${region.path}` : region.name);
    if (words.go) location.href = fill(words.go, { code: encodeURIComponent(region.code) });
    else if ("autosubmit" in words && form) submit(form);
  };

  const open = (): void => {
    list.textContent = "";
    for (const region of found) {
      const item = make("li", "", region.name);
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      identify(item);
      if (region.path) item.appendChild(make("small", "", region.path));
      // mousedown, so that the input keeps its focus
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => choose(region));
      list.appendChild(item);
    }
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    announce(found.length ? fill(words.found || "", { n: found.length }) : words.none || "");
  };

  const ask = async (): Promise<void> => {
    const query = input.value.trim();
    const turn = ++asked;
    if (query.length < 2) {
      close();
      return;
    }
    try {
      const url = `${words.api || "/api/v1/regions"}?q=${encodeURIComponent(query)}&limit=8`;
      const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = (await answer.json()) as { items: Region[] };
      if (turn !== asked) return; // a later question is already on its way
      found = body.items;
      open();
    } catch {
      if (turn !== asked) return;
      close();
      announce(words.failed || "");
    }
  };

  input.addEventListener("input", () => {
    if (choice && input.value !== chosenName) choice.value = "";
    clearTimeout(timer);
    timer = window.setTimeout(ask, pause);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (!list.hidden) event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        if (found.length && input.value.trim().length > 1) open();
        return;
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((at + step + found.length + (at < 0 && step < 0 ? 1 : 0)) % found.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const region = found[at < 0 ? 0 : at];
      if (region) choose(region);
    }
  });
  // A place half typed is not a place: go back to the one that was chosen.
  input.addEventListener("blur", () => {
    close();
    asked++;
    clearTimeout(timer);
  });
};

export const searchRegions = (): void => {
  for (const box of all("[data-region]")) {
    for (const part of all("[data-region-box]", box)) {
      part.hidden = false;
      for (const hidden of all<HTMLInputElement>("input[disabled]", part)) hidden.disabled = false;
    }
    for (const part of all("[data-region-plain]", box)) {
      part.hidden = true;
      for (const control of all<HTMLSelectElement>("select, input, button", part)) control.disabled = true;
    }
  }
  all<HTMLInputElement>("[data-region-search]").forEach(enhance);
};
