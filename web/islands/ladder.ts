// Columns show every stage; the accordion only the one in hand. CSS alone does this in browsers
// with ::details-content, but a folded <details> would still be announced as folded.

const wide = matchMedia("(min-width: 960px)");

function settle(): void {
  for (const stage of document.querySelectorAll<HTMLDetailsElement>(".ladder-stage > details")) {
    const current = stage.parentElement?.dataset["stage"] === "current";
    stage.open = wide.matches || current;
    const summary = stage.querySelector("summary");
    if (summary) summary.tabIndex = wide.matches ? -1 : 0;
  }
}

export function openLadder(root: ParentNode): void {
  if (!root.querySelector(".ladder")) return;
  settle();
  wide.addEventListener("change", settle); // the same listener is only kept once
}
