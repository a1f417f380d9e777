// Loaded with `defer` on every page. Each part wakes up only where its attributes stand in the page,
// and every page works without it.
import { clearDraft } from "./app/draft";
import { watchFiles } from "./app/files";
import { countLetters, guardForms, quickSelects, sendOnce } from "./app/forms";
import { searchRegions } from "./app/region";
import { copyButtons, shareButtons } from "./app/share";

document.documentElement.classList.add("js");
clearDraft();
copyButtons();
shareButtons();
guardForms();
sendOnce();
quickSelects();
countLetters();
watchFiles();
searchRegions();
