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

function hasDrafts(): boolean {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(PREFIX));
  } catch {
    return false;
  }
}

export function dropAllDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

// Logging out leaves nothing behind: <form data-logout method="post" …>. What could not be sent goes
// once the person is out, and not before: the way there may be broken as well.
const LEAVING = "tongban:leaving";

document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || !("logout" in event.target.dataset)) return;
  if (hasDrafts() && !confirm("本机上有还没有保存到平台的内容，退出后会删除。确定退出吗？")) {
    event.preventDefault();
    return;
  }
  try {
    sessionStorage.setItem(LEAVING, "1");
  } catch {
    dropAllDrafts();
  }
});

try {
  const leaving = sessionStorage.getItem(LEAVING) !== null;
  sessionStorage.removeItem(LEAVING);
  if (leaving && !document.querySelector("form[data-logout]")) dropAllDrafts();
} catch {
  // nothing was kept
}
