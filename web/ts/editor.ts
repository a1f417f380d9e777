// The writing page alone: turns <textarea data-editor> into a rich text box, keeps the draft safe,
// shrinks photographs before they travel. Without script the textarea and the form do the whole work.
import { all } from "./app/dom";
import { guardDraft } from "./editor/autosave";
import { enrich } from "./editor/box";
import { shrinkUploads } from "./editor/uploads";

shrinkUploads();
const boxes = all<HTMLTextAreaElement>("textarea[data-editor]").map(enrich);
all<HTMLFormElement>("form[data-autosave], form[data-draft-key]").forEach((form) => guardDraft(form, () => boxes.forEach((box) => box.sync())));
