// The rich text box: Squire for the text, our own toolbar and link panel around it.
// Every word on the screen comes from data-label-… attributes that the server fills.
import Squire from "squire-rte";
import { identify, make } from "../app/dom";
import { cleanHtml, editing, safeAddress, serialise } from "./clean";

export interface Box {
  /** Writes the text back to the textarea, which is what the form sends. */
  sync(): void;
}

const space = "http://www.w3.org/2000/svg";
// The sprite lies beside this script.
const sprite = new URL(ICONS, (document.currentScript as HTMLScriptElement).src).href;

// Squire asks for this from Chrome 66.
const strings = String.prototype as { trimEnd?: () => string };
if (!strings.trimEnd) strings.trimEnd = function (this: string): string { return this.replace(/\s+$/, ""); };

const icon = (name: string): SVGSVGElement => {
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${sprite}#i-${name}`);
  svg.appendChild(use);
  return svg;
};

const nearest = (node: Node | null, root: Node, pattern: RegExp): Node | null => {
  for (let at = node; at && at !== root; at = at.parentNode) if (pattern.test(at.nodeName)) return at;
  return null;
};

export const enrich = (source: HTMLTextAreaElement): Box => {
  const words = source.dataset;
  const label = (name: string): string => words["label" + name] || name;

  // The editable box takes over the id, so that links from an error summary land on it.
  const id = identify(source);
  const named = source.labels ? source.labels[0] : undefined;
  const frame = make("div", "editor");
  const bar = make("div", "editor-bar");
  const text = make("div", "editor-text prose");
  source.id = id + "-html";
  source.hidden = true;
  source.required = false; // a hidden field cannot be pointed at; the server checks
  text.id = id;
  text.setAttribute("role", "textbox");
  text.setAttribute("aria-multiline", "true");
  if (named) {
    text.setAttribute("aria-labelledby", identify(named));
    named.addEventListener("click", () => editor.focus());
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    const value = source.getAttribute(name);
    if (value) text.setAttribute(name, value);
  }
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", label("Toolbar"));
  bar.setAttribute("aria-controls", id);
  source.insertAdjacentElement("beforebegin", frame);
  frame.appendChild(bar);
  frame.appendChild(text);

  const editor = new Squire(text, {
    blockTag: "P",
    addLinks: false,
    undo: { documentSizeThreshold: -1, undoLimit: 200 },
    sanitizeToDOMFragment: (html: string) => cleanHtml(html, document, editing),
    didError: (fault: unknown) => console.error(fault),
  });

  const sync = (): void => {
    const html = serialise(editor.getHTML());
    if (html === source.value) return;
    source.value = html;
    source.dispatchEvent(new Event("input", { bubbles: true }));
  };
  editor.setHTML(source.value);
  // Tidied once in silence, so that only a person's own change counts as one.
  source.value = serialise(editor.getHTML());
  // A restored draft is written to the textarea; this brings it to the eye.
  source.addEventListener("simpul:restored", () => editor.setHTML(source.value));

  const inside = (pattern: RegExp): Node | null => {
    const range = editor.getSelection();
    return nearest(range.startContainer, text, pattern);
  };

  const toggleHeading = (): void => {
    const on = !!inside(/^H[23]$/);
    editor.modifyBlocks((part: DocumentFragment) => {
      for (const block of Array.from(part.querySelectorAll("p, h2, h3"))) {
        if (block.closest("li, blockquote")) continue;
        const next = document.createElement(on ? "p" : "h2");
        while (block.firstChild) next.appendChild(block.firstChild);
        block.replaceWith(next);
      }
      return part;
    });
    editor.focus();
  };
  const toggleList = (tag: "UL" | "OL"): void => {
    const list = inside(/^[OU]L$/);
    if (list && list.nodeName === tag) editor.removeList();
    else {
      if (inside(/^H[23]$/)) toggleHeading();
      if (tag === "UL") editor.makeUnorderedList();
      else editor.makeOrderedList();
    }
  };
  const toggleQuote = (): void => {
    if (inside(/^BLOCKQUOTE$/)) editor.decreaseQuoteLevel();
    else {
      if (inside(/^H[23]$/)) toggleHeading();
      editor.increaseQuoteLevel();
    }
    editor.focus();
  };

  // --- link panel: a dialog that lies in the page, so that a phone's keyboard never covers it
  const panel = make("div", "editor-link");
  const address = make("input", "input");
  const fault = make("p", "error");
  const fields = make("p", "row");
  const title = make("label", "", label("LinkAddress"));
  panel.hidden = fault.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", label("Link"));
  address.type = "text";
  address.inputMode = "url";
  address.autocomplete = "off";
  address.setAttribute("autocapitalize", "none");
  address.setAttribute("aria-describedby", identify(fault));
  title.htmlFor = identify(address);
  fault.setAttribute("role", "alert");
  const panelButton = (name: string, quiet: boolean, act: () => void): HTMLButtonElement => {
    const button = make("button", "button button--small" + (quiet ? " button--quiet" : ""), label(name));
    button.type = "button";
    button.addEventListener("click", act);
    fields.appendChild(button);
    return button;
  };
  const closePanel = (): void => {
    panel.hidden = true;
    editor.focus();
  };
  const applyLink = (): void => {
    const url = safeAddress(address.value);
    if (!url) {
      fault.textContent = label("LinkError");
      fault.hidden = false;
      address.setAttribute("aria-invalid", "true");
      address.focus();
      return;
    }
    panel.hidden = true;
    editor.focus();
    const anchor = inside(/^A$/);
    if (anchor && editor.getSelection().collapsed) {
      editor.saveUndoState();
      (anchor as HTMLAnchorElement).setAttribute("href", url);
    } else editor.makeLink(url);
  };
  const openPanel = (): void => {
    const anchor = inside(/^A$/) as HTMLAnchorElement | null;
    address.value = anchor ? anchor.getAttribute("href") || "" : "";
    address.removeAttribute("aria-invalid");
    fault.hidden = true;
    remove.hidden = !anchor;
    panel.hidden = false;
    address.focus();
  };
  panelButton("LinkApply", false, applyLink);
  const remove = panelButton("LinkRemove", true, () => {
    const anchor = inside(/^A$/);
    closePanel();
    if (anchor && editor.getSelection().collapsed) {
      const range = document.createRange();
      range.selectNodeContents(anchor);
      editor.setSelection(range);
    }
    editor.removeLink();
  });
  panelButton("LinkCancel", true, closePanel);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closePanel();
    else if (event.key === "Enter" && event.target === address) applyLink();
    else return;
    event.preventDefault();
  });
  // What is typed here is no change to the form.
  for (const name of ["input", "change"]) panel.addEventListener(name, (event) => event.stopPropagation());
  for (const part of [title, address, fault, fields]) panel.appendChild(part);
  bar.insertAdjacentElement("afterend", panel);

  // --- toolbar
  const buttons: HTMLButtonElement[] = [];
  const states: Array<() => void> = [];
  const tool = (name: string, picture: string, keys: string, act: () => void, pressed?: () => boolean): HTMLButtonElement => {
    const button = make("button");
    button.type = "button";
    button.tabIndex = buttons.length ? -1 : 0;
    button.setAttribute("aria-label", label(name));
    button.title = label(name) + (keys ? ` (${keys})` : "");
    button.appendChild(icon(picture));
    // Keep the cursor, and a phone's keyboard, where they are.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") act();
    });
    if (pressed) states.push(() => button.setAttribute("aria-pressed", String(pressed())));
    bar.appendChild(button);
    buttons.push(button);
    return button;
  };
  const toggle = (tag: "B" | "I", on: () => void, off: () => void) => (): void => {
    if (editor.hasFormat(tag)) off();
    else on();
  };
  tool("Bold", "bold", "Ctrl+B", toggle("B", () => editor.bold(), () => editor.removeBold()), () => editor.hasFormat("B"));
  tool("Italic", "italic", "Ctrl+I", toggle("I", () => editor.italic(), () => editor.removeItalic()), () => editor.hasFormat("I"));
  tool("Heading", "h2", "", toggleHeading, () => !!inside(/^H[23]$/));
  tool("List", "list", "", () => toggleList("UL"), () => (inside(/^[OU]L$/) || text).nodeName === "UL");
  tool("Numbers", "numbers", "", () => toggleList("OL"), () => (inside(/^[OU]L$/) || text).nodeName === "OL");
  tool("Quote", "quote", "", toggleQuote, () => !!inside(/^BLOCKQUOTE$/));
  tool("Link", "link", "Ctrl+K", openPanel, () => !!inside(/^A$/));
  const undo = tool("Undo", "undo", "Ctrl+Z", () => editor.undo());
  const redo = tool("Redo", "redo", "Ctrl+Y", () => editor.redo());
  const able = (button: HTMLButtonElement, can: boolean): void => button.setAttribute("aria-disabled", String(!can));
  able(undo, false);
  able(redo, false);

  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const button = buttons[(next + buttons.length) % buttons.length]!;
    buttons.forEach((other) => { other.tabIndex = other === button ? 0 : -1; });
    button.focus();
  });

  let queued = 0;
  const refresh = (): void => {
    if (!queued) queued = requestAnimationFrame(() => {
      queued = 0;
      states.forEach((state) => state());
    });
  };
  for (const name of ["pathChange", "select", "cursor", "input"]) editor.addEventListener(name, refresh);
  refresh();
  editor.addEventListener("input", sync);
  editor.addEventListener("undoStateChange", (event: Event) => {
    const { canUndo, canRedo } = (event as CustomEvent<{ canUndo: boolean; canRedo: boolean }>).detail;
    able(undo, canUndo);
    able(redo, canRedo);
  });
  // A picture in the clipboard has its own place in the form.
  editor.addEventListener("pasteImage", (event: Event) => event.preventDefault());

  // --- keys: Tab always leaves the box, what the toolbar lacks stays off
  const leave = (): void => undefined;
  const ignore = (_: Squire, event: KeyboardEvent): void => event.preventDefault();
  editor.setKeyHandler("Tab", leave);
  editor.setKeyHandler("Shift-Tab", leave);
  for (const control of ["Ctrl-", "Meta-"]) {
    for (const key of ["u", "d", "Shift-5", "Shift-6", "Shift-7", "[", "]"]) editor.setKeyHandler(control + key, ignore);
    editor.setKeyHandler(control + "k", (_: Squire, event: KeyboardEvent) => {
      event.preventDefault();
      openPanel();
    });
  }
  editor.setKeyHandler("Alt-F10", (_: Squire, event: KeyboardEvent) => {
    event.preventDefault();
    (buttons.filter((button) => !button.tabIndex)[0] || bar).focus();
  });

  const typing = (on: boolean) => (): void => { document.documentElement.classList.toggle("is-typing", on); };
  frame.addEventListener("focusin", typing(true));
  frame.addEventListener("focusout", typing(false));
  if (source.form) source.form.addEventListener("submit", sync, true);
  if (source.autofocus || location.hash === "#" + id) editor.focus();
  return { sync };
};
