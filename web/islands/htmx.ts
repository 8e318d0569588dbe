// htmx is three times the weight of everything else here, so a page without hx-* never fetches it.
//
// Pages that use it carry, for the strict content policy (no inline style, no eval):
//   <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":"reload"}'>

const POWERED = "[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]";

export async function loadHtmx(): Promise<void> {
  if (!document.querySelector(POWERED)) return;
  if (!document.querySelector('meta[name="htmx-config"]')) {
    // htmx reads its settings once, while loading: without them it would inject a <style>.
    const meta = document.createElement("meta");
    meta.name = "htmx-config";
    meta.content = '{"includeIndicatorCSS":false,"history":"reload"}';
    document.head.append(meta);
  }
  await import("htmx.org");
}
