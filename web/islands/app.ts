// Every page works without this file; each import below only makes one thing nicer.
import "./autosave-form";
import "./file-slot";
import "./security-key";
import "./staff-keys";
import { focusErrors } from "./error-focus";
import { loadHtmx } from "./htmx";
import { openLadder } from "./ladder";

focusErrors(document);
openLadder(document);
void loadHtmx();

document.addEventListener("htmx:after:swap", () => {
  focusErrors(document);
  openLadder(document);
});
