// The one gate for markup: what is loaded, pasted, and sent passes here.
// Allowed: p h2 h3 ul ol li blockquote strong em a br. Anything else gives its words and loses its dress.
// It keeps the writer's page honest and tidy; the server cleans again and is the only one to be trusted.

/** How bold and italic are written: the editor works with B and I, pages carry strong and em. */
export interface Dress {
  bold: string;
  italic: string;
  /** Whether empty paragraphs stay, each with a <br> to hold the cursor. */
  room: boolean;
}

export const editing: Dress = { bold: "b", italic: "i", room: true };
export const saving: Dress = { bold: "strong", italic: "em", room: false };

const dropped = /^(SCRIPT|STYLE|TEMPLATE|HEAD|TITLE|META|LINK|IFRAME|OBJECT|SVG|MATH|NOSCRIPT|SELECT|TEXTAREA|BUTTON|INPUT|AUDIO|VIDEO|CANVAS)$/i;
const blocks = /^(P|DIV|H[1-6]|UL|OL|LI|DL|DT|DD|BLOCKQUOTE|PRE|TABLE|THEAD|TBODY|TFOOT|TR|SECTION|ARTICLE|HEADER|FOOTER|MAIN|ASIDE|NAV|FIGURE|FIGCAPTION|FORM|FIELDSET|ADDRESS|HR|CENTER|DETAILS|SUMMARY)$/;
const styleNote = "data-style";
const blockList = "p,div,h1,h2,h3,h4,h5,h6,ul,ol,li,dl,blockquote,pre,table,section,article,figure,hr,center";

/** An address that may stand in a link, or null. A bare domain gets https. */
export const safeAddress = (typed: string): string | null => {
  const text = typed.trim().replace(/[\s\u0000-\u001f\u200b]+/g, "");
  if (!text) return null;
  if (/^(https?:\/\/|mailto:|tel:)[^/?#]/i.test(text)) return text;
  if (/^\/(?!\/)/.test(text) || /^#./.test(text)) return text;
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(text)) return "mailto:" + text;
  if (/^[\w-]+(\.[\w-]+)+([/?#:]|$)/.test(text)) return "https://" + text;
  return null;
};

const isBlock = (node: Node): boolean => blocks.test(node.nodeName);
const holdsBlocks = (node: Node): boolean => node instanceof Element && !!node.querySelector(blockList);

/** Which of the two inline dresses an element asks for, by name or by an office program's style. */
const wears = (element: HTMLElement, dress: Dress): string[] => {
  const name = element.nodeName;
  const style = element.getAttribute(styleNote) || "";
  const weight = (/font-weight:\s*(\w+)/i.exec(style) || [])[1];
  const slant = (/font-style:\s*(\w+)/i.exec(style) || [])[1];
  const heavy = weight ? /^(bold|bolder|[6-9]00)$/i.test(weight) : /^(B|STRONG)$/.test(name);
  const italic = slant ? /^(italic|oblique)$/i.test(slant) : /^(I|EM|CITE|DFN)$/.test(name);
  return [heavy ? dress.bold : "", italic ? dress.italic : ""].filter(Boolean);
};

class Cleaner {
  constructor(private readonly page: Document, private readonly dress: Dress) {}

  private make(tag: string): HTMLElement {
    return this.page.createElement(tag);
  }

  /** Words and their dress, without any block. `worn` keeps <b><b> from happening. */
  private inline(node: Node, into: Node, worn: string[]): void {
    if (node.nodeType === Node.TEXT_NODE) {
      const raw = (node as Text).data.replace(/\u200b|\ufeff/g, "");
      const words = this.dress.room ? raw.replace(/[ \t\r\n]+/g, " ") : raw.replace(/[\s\u00a0]+/g, " ");
      if (words) into.appendChild(this.page.createTextNode(words));
      return;
    }
    if (!(node.nodeType === Node.ELEMENT_NODE) || dropped.test(node.nodeName)) return;
    const element = node as HTMLElement;
    if (element.nodeName === "BR") {
      into.appendChild(this.make("br"));
      return;
    }
    let target = into;
    let now = worn;
    const address = element.nodeName === "A" && worn.indexOf("a") < 0 ? safeAddress(element.getAttribute("href") || "") : null;
    if (address) {
      const anchor = this.make("a");
      anchor.setAttribute("href", address);
      target.appendChild(anchor);
      target = anchor;
      now = now.concat("a");
    }
    for (const tag of wears(element, this.dress)) {
      if (now.indexOf(tag) >= 0) continue;
      const layer = this.make(tag);
      target.appendChild(layer);
      target = layer;
      now = now.concat(tag);
    }
    const apart = isBlock(element) || /^T[DH]$/.test(element.nodeName);
    if (apart && target.hasChildNodes()) target.appendChild(this.page.createTextNode(" "));
    element.childNodes.forEach((child) => this.inline(child, target, now));
    // An element that ended up empty says nothing.
    if (target !== into && !target.hasChildNodes()) {
      const top = into.lastChild;
      if (top) into.removeChild(top);
    }
  }

  /** Takes off spaces and line breaks at both ends; says whether anything is left. */
  private trim(block: HTMLElement): boolean {
    const end = (side: "firstChild" | "lastChild"): void => {
      for (let node = block[side]; node; node = block[side]) {
        if (node.nodeName === "BR") block.removeChild(node);
        else if (node.nodeType === Node.TEXT_NODE) {
          const text = node as Text;
          text.data = side === "firstChild" ? text.data.replace(/^ +/, "") : text.data.replace(/ +$/, "");
          if (text.data) return;
          block.removeChild(text);
        } else return;
      }
    };
    const wasLine = block.querySelector("br") || block.hasChildNodes();
    block.normalize();
    end("lastChild");
    end("firstChild");
    if (block.textContent!.trim()) return true;
    if (!this.dress.room || !wasLine) return false;
    block.textContent = "";
    block.appendChild(this.make("br"));
    return true;
  }

  private line(tag: string, source: Node, into: Node): void {
    const block = this.make(tag);
    source.childNodes.forEach((child) => this.inline(child, block, []));
    if (this.trim(block)) into.appendChild(block);
  }

  private list(source: Element, into: Node): void {
    const list = this.make(source.nodeName === "OL" ? "ol" : "ul");
    source.childNodes.forEach((child) => {
      if (child.nodeName === "UL" || child.nodeName === "OL") {
        // A list straight inside a list belongs to the item before it.
        this.list(child as Element, list.lastChild || list.appendChild(this.make("li")));
      } else if (child.nodeName === "LI") this.item(child, list);
      else if (child.textContent!.trim()) {
        const wrap = this.make("div");
        wrap.appendChild(child.cloneNode(true));
        this.item(wrap, list);
      }
    });
    if (list.hasChildNodes()) into.appendChild(list);
  }

  private item(source: Node, list: HTMLElement): void {
    const item = this.make("li");
    const words = this.make("div");
    const nested = this.page.createDocumentFragment();
    const walk = (node: Node): void => node.childNodes.forEach((child) => {
      if (child.nodeName === "UL" || child.nodeName === "OL") this.list(child as Element, nested);
      else if (isBlock(child)) {
        if (words.textContent!.trim()) words.appendChild(this.make("br"));
        walk(child);
      } else this.inline(child, words, []);
    });
    walk(source);
    const said = this.trim(words);
    if (!said && !nested.hasChildNodes()) return;
    while (words.firstChild) item.appendChild(words.firstChild);
    item.appendChild(nested);
    list.appendChild(item);
  }

  /** Blocks in order; loose words between them become paragraphs. */
  flow(source: Node, into: Node, quoted = false): void {
    let loose: HTMLElement | null = null;
    const flush = (): void => {
      if (loose && this.trim(loose)) into.appendChild(loose);
      loose = null;
    };
    source.childNodes.forEach((child) => {
      if (child.nodeType === Node.COMMENT_NODE || dropped.test(child.nodeName)) return;
      if (!isBlock(child) && !holdsBlocks(child)) {
        if (!loose && child.nodeType === Node.TEXT_NODE && !child.textContent!.trim()) return;
        loose = loose || this.make("p");
        this.inline(child, loose, []);
        return;
      }
      flush();
      const name = child.nodeName;
      if (name === "H1" || name === "H2") this.line("h2", child, into);
      else if (/^H[3-6]$/.test(name)) this.line("h3", child, into);
      else if (name === "UL" || name === "OL") this.list(child as Element, into);
      else if (name === "LI") {
        const last = into.lastChild;
        const list = last && last.nodeName === "UL" ? (last as HTMLElement) : (into.appendChild(this.make("ul")) as HTMLElement);
        this.item(child, list);
      } else if (name === "BLOCKQUOTE" && !quoted) {
        const quote = this.make("blockquote");
        this.flow(child, quote, true);
        if (quote.hasChildNodes()) into.appendChild(quote);
      } else if (name === "TR" || !holdsBlocks(child)) this.line("p", child, into);
      else this.flow(child, into, quoted);
    });
    flush();
  }
}

/** Styles and handlers never take effect here, but a strict policy would report each one it meets:
    they are renamed before the parser sees them. */
const disarm = (html: string): string =>
  html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) =>
    tag.replace(/([\s"'/])style(?=\s*=)/gi, `$1${styleNote}`).replace(/([\s"'/])on(?=\w+\s*=)/gi, "$1data-on"));

/** Reads HTML in a document where nothing loads and nothing runs. */
export const cleanHtml = (html: string, page: Document, dress: Dress): DocumentFragment => {
  const inert = new DOMParser().parseFromString(disarm(html), "text/html");
  const out = page.createDocumentFragment();
  new Cleaner(page, dress).flow(inert.body, out);
  return out;
};

export const serialise = (html: string): string => {
  const box = document.createElement("div");
  box.appendChild(cleanHtml(html, document, saving));
  return box.innerHTML;
};
