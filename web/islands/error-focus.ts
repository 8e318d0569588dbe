/** A page that came back with errors starts at their summary, for eyes and screen readers alike. */
export function focusErrors(root: ParentNode): void {
  const summary = root.querySelector<HTMLElement>(".error-summary:not([data-seen])");
  if (!summary) return;
  summary.dataset["seen"] = "";
  summary.tabIndex = -1;
  summary.focus();
}
