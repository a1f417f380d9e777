// A page that comes after a successful save names the copy that this phone may forget.
import { all } from "./dom";

export const draftPrefix = "simpul:draft:";
/** Where new writing goes while an older copy is still being offered. */
export const draftSecond = ":2";

export const clearDraft = (): void => {
  for (const mark of all("[data-draft-clear]")) {
    try {
      const key = draftPrefix + mark.dataset.draftClear;
      localStorage.removeItem(key);
      localStorage.removeItem(key + draftSecond);
    } catch {
      // Storage is blocked: nothing was kept there either.
    }
  }
};
