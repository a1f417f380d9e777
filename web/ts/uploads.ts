// The shrinking of photographs alone, for pages with a photograph but no editor.
import { shrinkUploads } from "./editor/uploads";

shrinkUploads();
