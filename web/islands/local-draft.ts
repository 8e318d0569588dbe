// What could not be sent stays on this machine, keyed by the address it was meant for.
// Shared machines switch it off with data-autosave-local="off" on the form.

const PREFIX = "tongban:draft:";

export type Fields = Record<string, string[]>;
export interface LocalDraft {
  at: number;
  fields: Fields;
}

export function readDraft(url: string): LocalDraft | undefined {
  try {
    const text = localStorage.getItem(PREFIX + url);
    return text === null ? undefined : (JSON.parse(text) as LocalDraft);
  } catch {
    return undefined; // storage refused or content mangled: the same as nothing kept
  }
}

/** True when the browser really kept it: private windows and full disks refuse. */
export function keepDraft(url: string, fields: Fields): boolean {
  try {
    localStorage.setItem(PREFIX + url, JSON.stringify({ at: Date.now(), fields } satisfies LocalDraft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(url: string): void {
  try {
    localStorage.removeItem(PREFIX + url);
  } catch {
    // nothing was kept
  }
}

export function dropAllDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

// Logging out leaves nothing behind: <form data-logout method="post" …>.
document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && "logout" in event.target.dataset) dropAllDrafts();
});
