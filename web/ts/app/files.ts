// input[type=file]: names, small pictures and sizes below the input; a file over data-max-bytes is refused
// with the words in data-too-big before a prepaid megabyte is spent on it.
import { all, announce, fill, identify, link, make } from "./dom";

const size = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`;

const show = (input: HTMLInputElement, list: HTMLUListElement, fault: HTMLElement): void => {
  for (const picture of all<HTMLImageElement>("img", list)) URL.revokeObjectURL(picture.src);
  list.textContent = "";
  fault.textContent = "";
  fault.hidden = true;
  input.removeAttribute("aria-invalid");
  const limit = Number(input.dataset.maxBytes) || Infinity;
  const files = Array.from(input.files || []);
  const big = files.filter((file) => file.size > limit)[0];
  if (big) {
    input.value = "";
    fault.textContent = fill(input.dataset.tooBig || "", { name: big.name, size: size(big.size), limit: size(limit) });
    fault.hidden = false;
    input.setAttribute("aria-invalid", "true");
    announce(fault.textContent);
    return;
  }
  for (const file of files) {
    const item = make("li");
    if (/^image\/(jpeg|png|webp|gif)$/.test(file.type)) {
      const picture = make("img");
      picture.alt = "";
      picture.src = URL.createObjectURL(file);
      item.appendChild(picture);
    }
    item.appendChild(make("span", "", `${file.name} · ${size(file.size)}`));
    list.appendChild(item);
  }
};

export const watchFiles = (): void => {
  for (const input of all<HTMLInputElement>('input[type="file"]')) {
    const list = make("ul", "files");
    const fault = make("p", "error");
    fault.hidden = true;
    link(input, "aria-describedby", identify(fault));
    const box = input.closest(".upload") || input;
    box.insertAdjacentElement("afterend", list);
    box.insertAdjacentElement("afterend", fault);
    input.addEventListener("change", () => show(input, list, fault));
  }
};
