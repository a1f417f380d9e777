// The few helpers that the parts share.

export const all = <T extends HTMLElement>(selector: string, root: ParentNode = document): T[] =>
  Array.from(root.querySelectorAll<T>(selector));

/** Makes an element with classes, attributes aside. */
export const make = <K extends keyof HTMLElementTagNameMap>(tag: K, className = "", text = ""): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
};

let region: HTMLElement | undefined;

/** Says `text` to a screen reader without moving focus. */
export const announce = (text: string): void => {
  if (!region) {
    region = make("p", "hide");
    region.setAttribute("role", "status");
    document.body.appendChild(region);
  }
  region.textContent = "";
  const target = region;
  // A fresh text node after a pause is read even when the words are the same.
  setTimeout(() => { target.textContent = text; }, 60);
};

/** Puts values for {names} in a sentence that the server wrote. */
export const fill = (template: string, values: Record<string, string | number>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));

/** Adds an id to an attribute that holds a list of ids. */
export const link = (element: Element, attribute: string, id: string): void => {
  const ids = (element.getAttribute(attribute) || "").split(" ").filter((known) => known && known !== id);
  element.setAttribute(attribute, ids.concat(id).join(" "));
};

let serial = 0;
/** The element's id, given now when it has none. The bundles count apart, so a number may be taken. */
export const identify = (element: Element): string => {
  while (!element.id) {
    const id = `js-${++serial}`;
    if (!document.getElementById(id)) element.id = id;
  }
  return element.id;
};

/** Sends a form even when one of its controls is named "submit". */
export const submit = (form: HTMLFormElement): void => HTMLFormElement.prototype.submit.call(form);
