// Every page works without this file; each import below only makes one thing nicer.
import "./autosave-form";
import "./file-slot";
import "./staff-keys";
import { focusErrors } from "./error-focus";
import { loadHtmx } from "./htmx";
import { openLadder } from "./ladder";

focusErrors(document);
openLadder(document);
void loadHtmx();
// Few pages have one.
if (document.querySelector("security-key")) void import("./security-key");

document.addEventListener("htmx:after:swap", () => {
  focusErrors(document);
  openLadder(document);
});
