// input[type=file][data-shrink]: pictures over 1600 px become JPEG on the phone, when that makes them smaller.
// Anything unexpected leaves the file as it was chosen.
import { submit } from "../app/dom";

const edge = 1600;
const quality = 0.85;
const passed = new WeakSet<Event>();

const load = (file: File): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const url = URL.createObjectURL(file);
    const picture = new Image();
    const done = (act: () => void) => (): void => {
      URL.revokeObjectURL(url);
      act();
    };
    picture.onload = done(() => resolve(picture));
    picture.onerror = done(() => reject(new Error("not a picture")));
    picture.src = url;
  });

/** Browsers before 2020 draw a photograph without its Exif turn; those files are left to the server. */
const turnsByItself = (): boolean => CSS.supports("image-orientation", "from-image");

const shrink = async (file: File): Promise<File> => {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  const picture = await load(file);
  const width = picture.naturalWidth;
  const height = picture.naturalHeight;
  const scale = edge / Math.max(width, height);
  if (!(scale < 1)) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const brush = canvas.getContext("2d");
  if (!brush) return file;
  brush.fillStyle = "#fff"; // a clear ground would turn black in a JPEG
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
};

const shrinkAll = async (input: HTMLInputElement): Promise<void> => {
  const files = Array.from(input.files || []);
  try {
    const box = new DataTransfer();
    // One after another: a phone has memory for one photograph at a time.
    for (const file of files) box.items.add(await shrink(file).catch(() => file));
    input.files = box.files;
  } catch {
    // No DataTransfer to build a list with: the chosen files stay.
  }
};

/** Catches the choice before anyone else looks at it, shrinks, then lets it pass. A submit meanwhile waits. */
export const shrinkUploads = (): void => {
  if (!turnsByItself()) return;
  const busy = new Map<HTMLFormElement, Promise<void>>();
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.matches("input[type=file][data-shrink]") || passed.has(event)) return;
    if (!input.files || !input.files.length) return;
    event.stopImmediatePropagation();
    const work = shrinkAll(input).then(() => {
      const again = new Event("change", { bubbles: true });
      passed.add(again);
      input.dispatchEvent(again);
    });
    const form = input.form;
    if (!form) return;
    const all = Promise.all([busy.get(form), work]).then(() => { if (busy.get(form) === all) busy.delete(form); });
    busy.set(form, all);
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const work = busy.get(form);
    if (!work) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = document.activeElement;
    work.then(() => {
      if (button instanceof HTMLButtonElement && button.form === form) button.click();
      else submit(form);
    });
  }, true);
};
